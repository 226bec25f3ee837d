"""What is asked when a group plans: the start, a threat, a measure, a decision, a review."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tejido.fabric.making import LONGEST_NAME, LONGEST_TEXT
from tejido.incidents.models import Incident
from tejido.protection.coming import ComingField
from tejido.protection.given import lines_of
from tejido.protection.models import Decision, Plan, Threat
from tejido.protection.once import NewSheet
from tejido.protection.queries import ThreatSeen
from tejido.vocabularies import vocabulary
from tejido.web.forms import CodeField, RevisionSheet, Sheet, WhenField
from tejido.web.wording import page_language

Choice = tuple[str, str]


def line(*, label: Any, hint: Any = "", required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST_NAME)


def text(*, label: Any, hint: Any = "", required: bool = False, rows: int = 3) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST_TEXT, widget=area)


def _count(*, label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=10_000_000)


class StartForm(NewSheet):
    """The start of a plan: what the group already does comes first."""

    practices = text(
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
    threats = text(
        label=_("What else threatens the group?"), hint=_("In its own words, one threat on each line."), rows=3
    )
    title = line(label=_("What to call the plan"))
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

    practices = text(
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

    title = line(label=_("What to call the plan"))
    words = text(label=_("What should be said first?"), hint=_("Why now, what moves us, what must not be forgotten."))

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
    rhythm = CodeField("review_rhythms", label=_("In which rhythm from then on?"), required=False)
    review_by = line(label=_("Who calls you together?"), hint=_("A committee or a task can do it too."))
    review_stand_in = line(label=_("And who, if they cannot?"))

    @staticmethod
    def initial_of(plan: Plan) -> dict[str, object]:
        """Return what the form shows of a plan."""
        names = ("revision", "review_on", "rhythm", "review_by", "review_stand_in")
        return {name: getattr(plan, name) for name in names}


class ThreatForm(Sheet):
    """A threat, or a weak side, in the group's own words."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    nature = CodeField(
        "threat_natures", label=_("What is it?"), widget=forms.RadioSelect, initial="threat", required=False
    )
    words = line(label=_("What threatens the group, in its own words?"), required=True)
    origin = text(label=_("Where does it come from?"), hint=_("Who or what is behind it, as far as you know."), rows=2)
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
        values = {name: getattr(threat, name) for name in ("revision", "nature", "words", "origin")}
        return values | {"incidents": shown}

    def clean_nature(self) -> str:
        """Take what nobody said for a threat."""
        return self.cleaned_data["nature"] or "threat"

    def told(self) -> dict[str, Any]:
        """Return what was told, as actions take it."""
        shown = [UUID(one) for one in self.cleaned_data.get("incidents", ())]
        return {name: self.cleaned_data[name] for name in ("words", "origin", "nature")} | {"incidents": shown}


def _incident_said(incident: Incident) -> str:
    when = incident.when
    return f"{incident.title} · {when.short(page_language())}" if when is not None else incident.title


class GoOnForm(Sheet):
    """Why a group goes on as it is, against a prompt."""

    check = forms.CharField(widget=forms.HiddenInput, max_length=40)
    subject = forms.UUIDField(widget=forms.HiddenInput)
    words = text(label=_("We go on as it is, for this reason"), required=True, rows=2)


class ReasonForm(RevisionSheet):
    """The reason for which a group goes on with a measure that is known to do harm at times."""

    reason = text(label=_("We go on with it, for this reason"), required=True, rows=3)


class DecisionForm(NewSheet):
    """What the group decided, and how; counts of those present suffice."""

    what = text(label=_("What did the group decide?"), required=True)
    about = CodeField("decision_subjects", label=_("What is it about?"), initial="plan", ask=False, required=False)
    mode = CodeField("decision_modes", label=_("How was it decided?"))
    taken_on = WhenField(label=_("When?"))
    present = line(
        label=_("How many took part?"), hint=_("Numbers are enough, such as “62, of them 40 women”; no names.")
    )
    mandate = text(
        label=_("In whose name?"),
        hint=_("The custom, rule or mandate by which it counts; and why, if fewer came than your rule asks for."),
        rows=2,
    )
    quorum = _count(label=_("How many have to be there for it to count?"))
    votes_for = _count(label=_("If votes were counted: how many for it?"))
    votes_against = _count(label=_("And how many against?"))
    dissent = text(
        label=_("What was not agreed with?"), hint=_("So that it is not lost, and can be looked at again."), rows=2
    )
    holds_until = ComingField(
        label=_("Until when does it hold?"), help_text=_("To its last day; left empty, until the group withdraws it."),
        required=False,
    )  # fmt: skip

    def clean_about(self) -> str:
        """Take what nobody said for the plan from whose page it comes."""
        return self.cleaned_data["about"] or "plan"


class WithdrawForm(RevisionSheet):
    """Why a group takes a decision back."""

    because = text(label=_("Why, in a few words?"), rows=2)

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

    adopted_on = WhenField(label=_("Adopted when?"), help_text=_("Left empty: today."), required=False)

    def __init__(self, *args: Any, decisions: Iterable[Choice] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(decisions)
