"""What is asked when a group plans: the start, a threat, a measure, a decision, a review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tejido.fabric.making import LONGEST_NAME, LONGEST_TEXT
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.protection.coming import ComingField
from tejido.protection.given import MeasureGiven, lines_of
from tejido.protection.models import Decision, Measure, Plan, Threat
from tejido.protection.queries import ThreatSeen
from tejido.vocabularies import vocabulary
from tejido.web.forms import CodeField, RevisionSheet, Sheet, WhenField
from tejido.web.wording import page_language

Choice = tuple[str, str]


def _line(*, label: Any, hint: Any = "", required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST_NAME)


def _text(*, label: Any, hint: Any = "", required: bool = False, rows: int = 3) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST_TEXT, widget=area)


class StartForm(Sheet):
    """The start of a plan: what the group already does comes first."""

    practices = _text(
        label=_("What do you already do to look after yourselves?"),
        hint=_("One on each line: taking turns to watch, walking together, assemblies, rituals, whom you call first."),
        rows=4,
    )
    seen = forms.MultipleChoiceField(
        label=_("What has been done to the group lately"),
        help_text=_(
            "From the latest incidents. Tick what the plan is to answer; you can say it in your own words later."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    threats = _text(
        label=_("What else threatens the group?"), hint=_("In its own words, one threat on each line."), rows=3
    )
    title = _line(label=_("What to call the plan"))
    review_on = ComingField(
        label=_("When do you look at it again?"),
        help_text=_("A day or a month; three months is usual, sooner after an attack."),
        required=False,
    )

    def __init__(self, *args: Any, seen: Sequence[ThreatSeen] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        if seen:
            self._choices("seen").choices = [(one.kind, _said(one)) for one in seen]
        else:
            del self.fields["seen"]

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        return field

    def practices_told(self) -> list[str]:
        """Return what the group already does, each once."""
        return lines_of(self.cleaned_data["practices"])

    def threats_told(self) -> list[str]:
        """Return the threats said in the group's own words, each once."""
        return lines_of(self.cleaned_data["threats"])


def _said(seen: ThreatSeen) -> str:
    many = len(seen.incidents)
    told = ngettext("%(act)s (%(many)s incident)", "%(act)s (%(many)s incidents)", many)
    return told % {"act": vocabulary("acts").label(seen.kind, page_language()), "many": many}


class PracticesForm(Sheet):
    """What a group already does to look after itself, one on each line."""

    practices = _text(
        label=_("What do you already do to look after yourselves?"),
        hint=_("One on each line: taking turns to watch, walking together, assemblies, rituals, whom you call first."),
        required=True,
        rows=3,
    )

    def practices_told(self) -> list[str]:
        """Return what the group already does, each once."""
        return lines_of(self.cleaned_data["practices"])


class PlanForm(RevisionSheet):
    """What a plan is called and what is said at its head."""

    title = _line(label=_("What to call the plan"))
    words = _text(label=_("What should be said first?"), hint=_("Why now, what moves us, what must not be forgotten."))

    @staticmethod
    def initial_of(plan: Plan) -> dict[str, object]:
        """Return what the form shows of a plan."""
        return {"revision": plan.revision, "title": plan.title, "words": plan.words}


class ReviewForm(RevisionSheet):
    """When the group looks at its plan again."""

    review_on = ComingField(
        label=_("When do you look at it again?"),
        help_text=_("A day or a month; three months is usual, sooner after an attack."),
        required=False,
    )
    review_by = _line(label=_("Who calls you together?"), hint=_("A committee or a task can do it too."))

    @staticmethod
    def initial_of(plan: Plan) -> dict[str, object]:
        """Return what the form shows of a plan."""
        return {"revision": plan.revision, "review_on": plan.review_on, "review_by": plan.review_by}


class ThreatForm(Sheet):
    """A threat in the group's own words."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    words = _line(label=_("What threatens the group, in its own words?"), required=True)
    origin = _text(
        label=_("Where does it come from?"), hint=_("Who or what is behind it, as far as you know."), rows=2
    )
    incidents = forms.MultipleChoiceField(
        label=_("In which incidents has it shown itself?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, incidents: Iterable[Incident] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["incidents"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.pk), _incident_said(one)) for one in incidents]
        if not field.choices:
            del self.fields["incidents"]

    @staticmethod
    def initial_of(threat: Threat) -> dict[str, object]:
        """Return what the form shows of a threat."""
        shown = [str(row.incident_id) for row in threat.shown_in.all()]
        return {"revision": threat.revision, "words": threat.words, "origin": threat.origin, "incidents": shown}

    def told(self) -> dict[str, Any]:
        """Return what was told, as actions take it."""
        shown = [UUID(one) for one in self.cleaned_data.get("incidents", ())]
        return {"words": self.cleaned_data["words"], "origin": self.cleaned_data["origin"], "incidents": shown}


def _incident_said(incident: Incident) -> str:
    when = incident.when
    return f"{incident.title} · {when.short(page_language())}" if when is not None else incident.title


class MeasureForm(Sheet):
    """A measure: who sees to it, by when, what it answers, and what it does to the others."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = _line(label=_("What is done, in your own words?"))
    threat = forms.ChoiceField(label=_("Which threat does it answer?"), required=False)
    person = forms.ChoiceField(
        label=_("Whom is it for?"), help_text=_("Nobody has to be named; those tied to the group are offered."),
        required=False,
    )  # fmt: skip
    owner_words = _line(label=_("Who sees to it?"), hint=_("A group, a committee, a task; a name only if it must be."))
    owner = forms.ChoiceField(label=_("Or somebody of the fabric"), required=False)
    due_on = ComingField(label=_("By when?"), help_text=_("A day or a month, even a rough one."), required=False)
    status = CodeField("measure_statuses", label=_("How does it stand?"))
    effect_on_group = _text(label=_("What does it do to the group and the family?"), rows=2)
    effect_on_individuals = _text(label=_("Whom does it expose, and on whom does the work fall?"), rows=2)

    def __init__(
        self, *args: Any, family: str, code: str, threats: Iterable[Threat], people: Sequence[Actor], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.family, self.code = family, code
        self.fields["title"].required = not code
        nobody = gettext("nobody in particular")
        self._offer("threat", gettext("none in particular"), [(str(one.pk), one.words) for one in threats])
        self._offer("owner", nobody, [(str(one.pk), one.usual_name) for one in people])
        if family == "I":
            persons = [(str(one.pk), one.usual_name) for one in people if one.kind == "person"]
            self._offer("person", nobody, persons)
            self.fields["effect_on_individuals"].label = gettext(
                "If you go on with it: for what reason, and what do you do about its known harms?"
            )
        else:
            del self.fields["person"]

    def _offer(self, name: str, empty: str, choices: list[Choice]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", empty), *choices]

    @staticmethod
    def initial_of(measure: Measure) -> dict[str, object]:
        """Return what the form shows of a measure."""
        names = ("revision", "title", "owner_words", "due_on", "status", "effect_on_group", "effect_on_individuals")
        shown = {name: getattr(measure, name) for name in names}
        ids = {"threat": measure.threat_id, "owner": measure.owner_id, "person": measure.person_id}
        return shown | {name: str(pk) if pk is not None else "" for name, pk in ids.items()}

    def told(self) -> MeasureGiven:
        """Return the measure as it was told; ``BadInput`` when it makes no sense."""
        said: Mapping[str, Any] = self.cleaned_data
        return MeasureGiven(
            title=said["title"],
            code=self.code,
            family=self.family,
            status=said["status"],
            threat=_id(said["threat"]),
            owner=_id(said["owner"]),
            owner_words=said["owner_words"],
            person=_id(said.get("person", "")),
            due_on=said["due_on"],
            effect_on_group=said["effect_on_group"],
            effect_on_individuals=said["effect_on_individuals"],
        )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


class ReasonForm(RevisionSheet):
    """The reason for which a group goes on with a measure that is known to do harm at times."""

    reason = _text(label=_("We go on with it, for this reason"), required=True, rows=3)


class DecisionForm(Sheet):
    """What the group decided, and how; counts of those present suffice."""

    what = _text(label=_("What did the group decide?"), required=True)
    mode = CodeField("decision_modes", label=_("How was it decided?"))
    taken_on = WhenField(label=_("When?"))
    present = _line(
        label=_("How many took part?"), hint=_("Numbers are enough, such as “62, of them 40 women”; no names.")
    )
    dissent = _text(
        label=_("What was not agreed with?"), hint=_("So that it is not lost, and can be looked at again."), rows=2
    )
    holds_until = ComingField(
        label=_("Until when does it hold?"), help_text=_("To its last day; left empty, until the group withdraws it."),
        required=False,
    )  # fmt: skip


class WithdrawForm(RevisionSheet):
    """Why a group takes a decision back."""

    because = _text(label=_("Why, in a few words?"), rows=2)

    @staticmethod
    def initial_of(decision: Decision) -> dict[str, object]:
        """Return what the form shows of a decision."""
        return {"revision": decision.revision}


class AdoptForm(RevisionSheet):
    """By which decision a plan is adopted; only those in force are offered."""

    decision = forms.ChoiceField(
        label=_("By which decision of the group?"), widget=forms.RadioSelect,
        error_messages={"required": _("A plan is adopted by a decision of its group: choose or record one.")},
    )  # fmt: skip

    def __init__(self, *args: Any, decisions: Iterable[Choice] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(decisions)
