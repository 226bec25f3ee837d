"""What is asked around a session: its head, a threat in five steps, somebody with an interest, a module, a choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tejido.domain.assessment_presence import Present, read_present
from tejido.domain.errors import BadInput
from tejido.fabric.making import LONGEST_NAME, LONGEST_TEXT
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.protection.coming import ComingField
from tejido.protection.models import Plan
from tejido.protection.once import NewSheet
from tejido.protection.sessions.given import AssessedGiven, AssessmentGiven, Body, tidy
from tejido.protection.sessions.models import AssessedThreat, Assessment, AssessmentPart
from tejido.protection.sessions.queries import ModuleKnown
from tejido.vocabularies.session_modules import LONGEST_FILE
from tejido.web.forms import CodeField, CodesField, Sheet
from tejido.web.wording import page_language

Choice = tuple[str, str]


def line(*, label: Any, hint: Any = "", required: bool = False) -> forms.CharField:
    """Return a field for a few words."""
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST_NAME)


def area(*, label: Any, hint: Any = "", required: bool = False, rows: int = 2) -> forms.CharField:
    """Return a field for the group's own words."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST_TEXT, widget=widget)


def offer(form: forms.Form, name: str, choices: Sequence[Choice], empty: str | None = None) -> None:
    """Give a choice what it offers; a choice of nothing is taken out of the form."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    if not choices:
        del form.fields[name]
        return
    field.choices = [("", empty), *choices] if empty is not None else list(choices)


class HeadForm(NewSheet):
    """Who meets, where, in which language; counts of self-chosen groups are enough."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = line(label=_("What do you want to look at together?"), hint=_("A few words for the top of the page."))
    held_on = ComingField(label=_("When do you meet?"), required=False)
    place = line(label=_("Where?"), hint=_("As roughly as is safe."))
    language = line(label=_("In which language do you talk?"))
    facilitator = line(label=_("Who guides the talk?"), hint=_("A task is enough; a name only if it must be."))
    all_present = forms.IntegerField(label=_("How many people take part in all?"), min_value=0, required=False)
    present = area(
        label=_("And of which groups, as people call themselves?"),
        hint=_("One on each line, such as “23 women”. Somebody may belong to several: nothing is added up."),
        rows=3,
    )
    agenda = area(label=_("What do you want to do, in which order?"), rows=3)
    joint = forms.ChoiceField(
        label=_("Is this a separate session whose words a joint one may hear?"),
        help_text=_("It is those who meet here who say so, and they can take it back."),
        required=False,
    )
    modules = forms.MultipleChoiceField(
        label=_("Which questions should come along?"),
        help_text=_("Modules ask about what is often left out; nothing in them has to be answered."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, joints: Iterable[Assessment] = (), modules: Iterable[ModuleKnown] = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        lang = page_language()
        offer(self, "joint", [(str(one.pk), title_of(one)) for one in joints], gettext("no, it stands by itself"))
        offer(self, "modules", [(one.key, one.module.title(lang)) for one in modules])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            said["counts"] = read_present(said.get("present", "").splitlines(), of=said.get("all_present"))
        except BadInput as error:
            self.refuse(error, "present")
        return said

    @staticmethod
    def initial_of(session: Assessment) -> dict[str, object]:
        """Return what the form shows of a session."""
        names = (
            "revision",
            "title",
            "held_on",
            "place",
            "language",
            "facilitator",
            "all_present",
            "agenda",
            "modules",
        )
        shown: dict[str, object] = {name: getattr(session, name) for name in names}
        present = "\n".join(str(Present(str(group), int(count))) for group, count in session.present)
        return shown | {"present": present, "joint": str(session.joint_id or "")}

    def told(self) -> AssessmentGiven:
        """Return the head of the session as it was told."""
        said = self.cleaned_data
        texts = {name: said[name] for name in ("title", "place", "language", "facilitator", "agenda")}
        joint = said.get("joint", "")
        return AssessmentGiven(
            **texts,
            held_on=said["held_on"],
            all_present=said["all_present"],
            present=said["counts"],
            modules=tuple(said.get("modules", ())),
            joint=UUID(joint) if joint else None,
        )


def title_of(session: Assessment) -> str:
    """Return what a session is called: its title, or when it was held."""
    when = session.held_on.words(page_language()) if session.held_on is not None else ""
    return session.title or (gettext("Session of %(when)s") % {"when": when} if when else gettext("Session"))


class AssessedForm(Sheet):
    """A threat in five steps, in their order: each rests on those before it."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = line(label=_("What threatens you, in your own words?"), required=True)
    kind = CodeField("assessment_threat_kinds", label=_("What kind of threat is it?"), required=False)
    means = line(label=_("How did it reach you?"), hint=_("A message, a visit, a rumour, a car that stops."))
    facts = area(
        label=_("1. The facts: what happened, in order?"),
        hint=_("What was seen and heard, without what you make of it."),
    )
    incidents = forms.MultipleChoiceField(
        label=_("In which incidents has it shown itself?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pattern = area(
        label=_("2. The pattern: what repeats itself over time?"),
        hint=_("The same means, hours, signs; who passes information on."),
    )
    objective = area(label=_("3. The objective: what do they want you to do, or to stop doing?"))
    source = area(
        label=_("4. The source: whom does it come from, as exactly as you can say?"),
        hint=_("Signatures can be false. “We do not know” is an answer."),
    )
    conclusion = area(label=_("5. The conclusion: could they carry it out, and would it serve them?"))
    earlier = forms.ChoiceField(label=_("Did you look at this one at an earlier session?"), required=False)

    def __init__(
        self,
        *args: Any,
        incidents: Iterable[Incident] = (),
        earlier: Iterable[AssessedThreat] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        offer(self, "incidents", [(str(one.pk), _incident_said(one)) for one in incidents])
        before = [(str(one.pk), f"{one.words} · {title_of(one.assessment)}") for one in earlier]
        offer(self, "earlier", before, gettext("no, it is new"))

    @staticmethod
    def initial_of(threat: AssessedThreat) -> dict[str, object]:
        """Return what the form shows of a threat."""
        names = ("revision", "words", "kind", "means", "facts", "pattern", "objective", "source", "conclusion")
        shown: dict[str, object] = {name: getattr(threat, name) for name in names}
        incidents = [str(row.incident_id) for row in threat.shown_in.all()]
        return shown | {"incidents": incidents, "earlier": str(threat.earlier_id or "")}

    def told(self) -> AssessedGiven:
        """Return the threat as it was told."""
        said = self.cleaned_data
        names = ("words", "kind", "means", "facts", "pattern", "objective", "source", "conclusion")
        earlier = said.get("earlier", "")
        return AssessedGiven(
            **{name: said[name] for name in names},
            incidents=tuple(UUID(one) for one in said.get("incidents", ())),
            earlier=UUID(earlier) if earlier else None,
        )


def _incident_said(incident: Incident) -> str:
    when = incident.when
    return f"{incident.title} · {when.short(page_language())}" if when is not None else incident.title


class InterestForm(NewSheet):
    """Somebody who gains or loses by the group's work."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = line(label=_("Who?"), hint=_("A name, or words such as “those who buy the wood”."))
    actor = forms.ChoiceField(label=_("Or somebody of the fabric"), required=False)
    stance = CodeField("assessment_stances", label=_("Which way do they pull?"), required=False)
    weight = CodeField("assessment_weights", label=_("How strongly?"), required=False)
    stakes = CodesField("assessment_stakes", label=_("What are they to this work?"), required=False)
    powers = CodesField("assessment_powers", label=_("Where does their power come from?"), required=False)
    interest = area(label=_("What do they want, and what does your work do to that?"))
    can_do = area(label=_("What could they do, for you or against you?"))

    def __init__(self, *args: Any, people: Iterable[Actor] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "actor", [(str(one.pk), one.usual_name) for one in people], gettext("nobody of the fabric"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("name") and not said.get("actor"):
            self.add_error("name", gettext("Say who it is, or choose somebody of the fabric."))
        return said

    @staticmethod
    def initial_of(part: AssessmentPart) -> dict[str, object]:
        """Return what the form shows of a row."""
        return {**part.body, "revision": part.revision, "actor": str(part.actor_id or "")}

    def body(self) -> Body:
        """Return what was said of them."""
        carried = ("revision", "actor", "once")
        return tidy({name: value for name, value in self.cleaned_data.items() if name not in carried})

    def actor_told(self) -> UUID | None:
        """Return who of the fabric it is, if anybody."""
        told = self.cleaned_data.get("actor", "")
        return UUID(told) if told else None


class FinishForm(NewSheet):
    """Which threats a plan is to answer, and which plan."""

    threats = forms.MultipleChoiceField(
        label=_("Which of these should the plan answer?"), widget=forms.CheckboxSelectMultiple, required=False
    )
    weak = forms.MultipleChoiceField(
        label=_("Which weak sides should it answer as well?"),
        help_text=_("What you said exposes you; a measure can answer it as it answers a threat."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    practices = area(
        label=_("What do you already do to look after each other?"),
        hint=_("One on each line; it stands in the plan first, as protection."),
        rows=3,
    )
    plan = forms.ChoiceField(label=_("In which plan?"), required=False)

    def __init__(
        self,
        *args: Any,
        threats: Iterable[AssessedThreat] = (),
        weak: Sequence[Choice] = (),
        plans: Iterable[Plan] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        offer(self, "threats", [(str(one.pk), one.words) for one in threats])
        offer(self, "weak", weak)
        known = [(str(one.pk), one.title or one.collective.usual_name) for one in plans]
        offer(self, "plan", known, gettext("a new plan"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("threats") and not said.get("weak"):
            where = "threats" if "threats" in self.fields else None
            self.add_error(where, gettext("Choose at least one threat that the plan is to answer."))
        return said


class ModuleForm(Sheet):
    """A module of the circle's own, as text or as a file."""

    text = forms.CharField(
        label=_("The module, as in the example"),
        required=False,
        max_length=LONGEST_FILE,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or a file"), required=False, help_text=_("A text file that ends in .yml."))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("file") is not None:
            try:
                with said["file"].open_plain() as content:
                    said["text"] = content.read(LONGEST_FILE + 1).decode("utf-8-sig")
            except UnicodeDecodeError:
                refused = gettext("This file is no text that can be read. Nothing was changed; save it as UTF-8.")
                self.add_error("file", refused)
        if not self.errors and not said.get("text", "").strip():
            self.add_error("text", gettext("Write the module here, or choose its file."))
        return said
