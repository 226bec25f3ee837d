"""That a reading is wrong: said beside it with the reason, by whom, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tejido.domain.errors import NotFound
from tejido.dossiers.patterns import names_in
from tejido.dossiers.touching import touched_part
from tejido.dossiers.ways import way
from tejido.incidents.queries import incident_by_id
from tejido.readings.given import AFFECTED, PATTERN, WARNING, Doubted
from tejido.readings.models import Objection
from tejido.readings.naming import called, places_called
from tejido.readings.patterns import what_recurs
from tejido.readings.patterns_words import say_recurring
from tejido.readings.warning import Coming, Warned
from tejido.readings.warning_kept import last_warning
from tejido.readings.warning_words import coming_sentence
from tejido.web.forms import Sheet
from tejido.web.wording import WORDS, page_language


class WrongForm(Sheet):
    """Why a reading is wrong."""

    why = forms.CharField(
        label=gettext_lazy("Why is it wrong?"),
        help_text=gettext_lazy("What it does not know or sees in the wrong light. Name nobody who need not be named."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        error_messages={"required": gettext_lazy("Say why, so that others can think about it.")},
    )


@dataclass(frozen=True)
class Doubt:
    """One reading that may be wrong: which, what it says in a sentence, and where it stands."""

    doubted: Doubted
    says: str
    back: str


@dataclass(frozen=True)
class WrongPage:
    """The form beside what the reading says."""

    says: str
    back: str
    form: WrongForm


def doubt_of_affected(incident: UUID, actor: UUID, *, today: date) -> Doubt:
    """Return that an incident touches somebody; ``NotFound`` where it does not."""
    record = incident_by_id(incident)
    touched = touched_part(record, today=today)
    row = next((one for one in (*touched.groups, *touched.others) if one.id == actor), None)
    if row is None:
        raise NotFound
    why = "; ".join(one.sentence for one in row.why)
    says = _("“{title}” touches {name}: {why}.").format(title=record.title, name=row.who.name, why=why)
    figures = {"strength": round(row.strength, 3)}
    return Doubt(
        Doubted(AFFECTED, incident=incident, actor=actor, figures=figures), says, way("dossiers:incident", incident)
    )


def doubt_of_warning(*, actor: UUID | None = None, territory: UUID | None = None) -> Doubt:
    """Return what may come to a collective or in a territory as it was last reckoned; ``NotFound`` if nothing was."""
    found, wanted = last_warning(), str(actor or territory)
    rows = () if found is None else found.collectives if actor else found.territories
    one = next((row for row in rows if row.id == wanted), None)
    if found is None or one is None:
        raise NotFound
    says = f"{_name(actor, territory)}: {coming_sentence(one, found.days, WORDS)}"
    return Doubt(
        Doubted(WARNING, actor=actor, territory=territory, figures=_figures(one, found)), says,
        way("dossiers:building"),
    )  # fmt: skip


def _name(actor: UUID | None, territory: UUID | None) -> str:
    if actor is not None:
        return called([actor], WORDS)[str(actor)].name
    return places_called([territory] if territory else [])[str(territory)]


def _figures(one: Coming, found: Warned) -> dict[str, object]:
    return {"chance": round(one.chance, 3), "days": found.days, "as_of": found.as_of.isoformat()}


def doubt_of_pattern(key: str, *, today: date) -> Doubt:
    """Return a pattern by its key; ``NotFound`` where it does not stand out, or no longer."""
    one = next((one for one in what_recurs(today=today).found if one.key == key), None)
    if one is None:
        raise NotFound
    says = say_recurring(one, names_in([one]), page_language(), WORDS)
    figures = {"kind": one.kind, "seen": one.seen, "expected": round(one.expected, 2), "q": round(one.q, 4)}
    return Doubt(Doubted(PATTERN, actor=one.subject, key=key, figures=figures), says, way("dossiers:patterns"))


def back_from(objection: Objection) -> str:
    """Return where the reading stands against which something was said."""
    if objection.reading == AFFECTED and objection.incident_id:
        return way("dossiers:incident", objection.incident_id)
    return way("dossiers:patterns" if objection.reading == PATTERN else "dossiers:building")
