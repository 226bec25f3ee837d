"""A group protects itself: it meets, sees its threats, decides, plans, calls, is let down, looks again, changes."""

from __future__ import annotations

import io
from dataclasses import dataclass

from pypdf import PdfReader

from tests.journeys.visiting import PICTURES, Visitor


@dataclass
class Group:
    """A group whose process is walked, in its own words."""

    name: str
    threat: str
    practice: str
    measure: str
    promise: str
    promiser: str
    address: str = ""
    plan: str = ""
    session: str = ""


def walk(visitor: Visitor, group: Group) -> None:
    """Walk the whole way with a group, from its first meeting to a plan that it changed."""
    for step in (meet, plan, decide, call, call_others, break_a_promise, look_again):
        step(visitor, group)


def weave(visitor: Visitor, group: Group) -> None:
    """Weave the group: its name and nothing else."""
    visitor.go("/fabric/new/")
    visitor.page.select_option("[name=kind]", "community")
    visitor.fill(name=group.name)
    visitor.follow(visitor.page.locator("form.sheet button[type=submit]").first)
    group.address = visitor.page.url.removeprefix(visitor.address)


def find(visitor: Visitor, group: Group) -> None:
    """Find a group that a list has brought in."""
    page = visitor.page
    visitor.press("Buscar", "Search")
    page.fill("#words", group.name.lower())
    visitor.follow(page.locator("main").get_by_role("button", name="Buscar"))
    visitor.follow(page.locator("main").get_by_role("link", name=group.name, exact=True).first)
    group.address = page.url.removeprefix(visitor.address)


def meet(visitor: Visitor, group: Group) -> None:
    """Hold a session: who takes part by counts, a threat in its steps, a picture of it in words."""
    page = visitor.page
    visitor.go(f"{group.address}sessions/new/")
    visitor.fill(title="Cómo estamos", all_present="41", present="23 mujeres\n9 jóvenes", place="la casa comunal")
    visitor.press("Empezar la sesión", "Begin the session")
    group.session = "/".join(page.url.removeprefix(visitor.address).split("/")[:3]) + "/"
    visitor.look("walk-session")
    visitor.go(f"{group.session}threats/new/")
    visitor.fill(words=group.threat, facts="Tres noches seguidas", objective="Que dejemos de reunirnos")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.go(f"{group.session}steps/pictures/")
    for field in page.locator("textarea[name*=_words]").all():
        field.fill("Lo vemos así")
    visitor.follow(page.locator("form.sheet button[name=on]"))
    visitor.go(f"{group.session}steps/pictures/")
    assert "Lo vemos así" in page.locator("form.sheet textarea").first.input_value()
    visitor.look("walk-picture")


def plan(visitor: Visitor, group: Group) -> None:
    """Start the plan from the session; what the group already does comes before the catalogue."""
    page = visitor.page
    visitor.go(f"{group.session}plan/")
    for box in page.locator("[name=threats]").all():
        box.check()
    visitor.look("walk-to-plan")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    group.plan = page.url.removeprefix(visitor.address)
    assert group.threat in visitor.text()
    visitor.go(f"{group.plan}measures/new/")
    visitor.fill(practices=group.practice)
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    assert group.practice in visitor.text()
    visitor.go(f"{group.plan}measures/new/?code=A2")
    visitor.fill(
        title=group.measure, owner_words="el comité", stand_in="las mujeres", works_sign="Nos contestan en una hora",
        harm_sign="Se cansan las mismas", due_on="marzo de 2031", cost="un día al mes",
    )  # fmt: skip
    page.select_option("[name=threat]", index=1)
    visitor.look("walk-measure")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.look("walk-draft")


def decide(visitor: Visitor, group: Group) -> None:
    """The group decides: too few by its own rule is told; then the plan is adopted."""
    page = visitor.page
    visitor.go(f"{group.plan}decisions/new/")
    visitor.fill(what="Adoptamos el plan", present="41", quorum="50", taken_on="ayer")
    page.select_option("[name=mode]", "assembly")
    visitor.press("Anotar la decisión", "Record the decision")
    visitor.look("walk-quorum")
    assert "Participaron menos" in visitor.text()
    visitor.fill(mandate="La regla de la asamblea en tiempos de cosecha")
    visitor.press("Anotar la decisión", "Record the decision")
    page.locator("[name=decision]").first.check()
    visitor.look("walk-adopt")
    # Decided yesterday: adopted on the day before would be before the decision.
    visitor.fill(adopted_on="1 de enero de 2020")
    visitor.press("Adoptar el plan", "Adopt the plan")
    assert "después de lo que debería permitir" in visitor.text()
    visitor.fill(adopted_on="")
    page.locator("[name=decision]").first.check()
    visitor.press("Adoptar el plan", "Adopt the plan")
    assert "adoptado" in page.locator("p.kind").inner_text()
    visitor.look("walk-adopted")
    visitor.go(f"{group.plan}families/resilience/")
    visitor.look("walk-family")
    assert group.measure in visitor.text()
    visitor.go(f"{group.plan}gaps/?check=sign_missing")
    visitor.look("walk-gap")
    assert group.practice in visitor.text()
    visitor.go(f"{group.plan}threats/")
    visitor.look("walk-threats")
    assert group.threat in visitor.text()


def call(visitor: Visitor, group: Group) -> None:
    """Write down whom to call, a place and care; take along card, poster and calendar."""
    page, there = visitor.page, f"{group.address}together/"
    visitor.go(there)
    visitor.look("walk-together-empty")
    visitor.go(f"{there}reach/new/")
    visitor.fill(name="Guardia de la comunidad", how="tres toques de campana", stand_in="la radio")
    page.select_option("[name=channel]", "signal")
    visitor.look("walk-call")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.go(f"{there}places/new/")
    visitor.fill(name="La casa comunal", carer="las mayoras", when_attacked="Nadie duerme allí a solas")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.go(f"{there}requests/new/?kind=relocation")
    visitor.look("walk-request")
    visitor.fill(whom="una coordinadora", answer_group_says="Que vaya con su hija y que vuelva")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.look("walk-requests")
    card = _paper(visitor, f"{there}card.pdf", "card")
    assert "campana" in card
    without = _paper(visitor, f"{there}card.pdf?names=no", "card-without-names")
    assert group.name not in without
    assert group.measure in _paper(visitor, f"{group.plan}poster.pdf", "poster")
    calendar = visitor.page.request.get(f"{visitor.address}{there}calendar.ics").text()
    assert "BEGIN:VEVENT" in calendar and group.measure not in calendar


def call_others(visitor: Visitor, group: Group) -> None:
    """Others are called in the group's name: under its decision, told one by one, stopped when it is taken back."""
    page, there = visitor.page, f"{group.address}alerts/"
    visitor.go(there)
    visitor.look("walk-alerts-empty")
    assert "ninguna decisión vigente de llamar a otros" in visitor.text()
    visitor.go(f"{there}new/")
    visitor.look("walk-alert-new")
    visitor.fill(words="Rondan la casa comunal desde anoche", asked="Llamen hoy a la fiscalía y avisen qué responde")
    page.select_option("[name=audience]", "internal")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.look("walk-alert-draft")
    alert = page.url.removeprefix(visitor.address)
    visitor.press("Anotar la decisión del grupo", "Record the group's decision")
    visitor.fill(what="Llamar a quienes nos escuchan", present="40", taken_on="hoy")
    page.select_option("[name=mode]", "assembly")
    visitor.look("walk-alert-decision")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.go(f"{alert}begin/")
    visitor.look("walk-alert-begin")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.press("Anotar que se les avisó", "Write that they were told")
    visitor.fill(given_at="siete de la tarde", given_by="la guardia", answer="Van mañana a las ocho")
    page.select_option("[name=answered]", "helps")
    visitor.look("walk-alert-told")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.look("walk-alert")
    assert "Van mañana a las ocho" in visitor.text()
    assert "fiscalía" in _paper(visitor, f"{alert}alert.pdf", "alert")
    visitor.go(f"{group.address}decisions/")
    visitor.look("walk-decisions")
    visitor.follow(page.get_by_role("link", name="Retirarla", exact=True).first)
    visitor.look("walk-withdraw")
    assert "Rondan la casa comunal" in visitor.text()
    visitor.fill(because="La gente de la zona pide calma")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.go(alert)
    visitor.look("walk-alert-stopped")
    assert "El grupo retiró su decisión." in visitor.text()


def break_a_promise(visitor: Visitor, group: Group) -> None:
    """A promise is written down, and broken: it needs the words of what was seen, and it stays in sight."""
    page = visitor.page
    visitor.go(f"{group.address}together/commitments/new/")
    visitor.fill(words=group.promise, promised_by_words=group.promiser, due_on="enero de 2025")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.look("walk-late")
    visitor.follow(page.get_by_role("link", name=group.promise))
    page.select_option("[name=status]", "broken")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    assert "Diga qué vio el grupo" in visitor.text()
    visitor.fill(outcome="No llegó nadie")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    assert "Esta promesa no se cumplió." in visitor.text()
    visitor.go("/plans/late/")
    visitor.look("walk-loose-ends")
    assert group.promise in visitor.text()


def look_again(visitor: Visitor, group: Group) -> None:
    """The group looks at its plan again and changes it; the change waits for its word, and gets it."""
    page = visitor.page
    visitor.go(f"{group.plan}reviews/")
    visitor.look("walk-reviews-empty")
    visitor.press("Anotar una revisión", "Write down a review")
    visitor.look("walk-review")
    visitor.fill(
        held_on="hoy", present="38", held="La guardia avisó", failed="La luz nunca llegó",
        to_change="Compramos linternas", next_on="marzo de 2031",
    )  # fmt: skip
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    visitor.look("walk-reviews")
    assert "Compramos linternas" in visitor.text()
    visitor.go(f"{group.plan}measures/new/?family=A")
    visitor.fill(title="Linternas en cada casa")
    visitor.follow(page.locator("form.sheet button[type=submit]").first)
    assert "Cambió desde que el grupo lo adoptó" in visitor.text()
    visitor.look("walk-changed")
    visitor.go(f"{group.plan}decisions/new/")
    visitor.fill(what="Las linternas también", present="44", taken_on="hoy")
    page.select_option("[name=mode]", "no_objection")
    visitor.press("Anotar la decisión", "Record the decision")
    page.locator("[name=decision]").first.check()
    visitor.press("Adoptar el plan", "Adopt the plan")
    assert "Cambió desde que el grupo lo adoptó" not in visitor.text()
    assert "adoptado" in page.locator("p.kind").inner_text()


def _paper(visitor: Visitor, address: str, name: str) -> str:
    """Return the words of a paper of one page; keep it to be looked at."""
    answer = visitor.page.request.get(visitor.address + address)
    assert answer.ok
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"walk-{name}.pdf").write_bytes(answer.body())
    sheets = PdfReader(io.BytesIO(answer.body())).pages
    assert len(sheets) == 1
    return " ".join("".join(sheet.extract_text() for sheet in sheets).split())
