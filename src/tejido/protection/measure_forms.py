"""What is asked about one measure, and about its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tejido.fabric.models import Actor
from tejido.protection.coming import ComingField
from tejido.protection.forms import Choice, line, text
from tejido.protection.given import MeasureGiven
from tejido.protection.models import Measure, Threat
from tejido.web.forms import CodeField, RevisionSheet, Sheet, WhenField

_WORDS: Final = (
    "title", "owner_words", "stand_in", "effect_on_group", "effect_on_individuals", "works_sign", "harm_sign",
    "needs", "cost", "evidence",
)  # fmt: skip


class MeasureForm(Sheet):
    """A measure: who sees to it, by when, what it answers, and what it does to the others."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = line(label=_("What is done, in your own words?"))
    threat = forms.ChoiceField(label=_("Which threat does it answer?"), required=False)
    person = forms.ChoiceField(
        label=_("Whom is it for?"), help_text=_("Nobody has to be named; those tied to the group are offered."),
        required=False,
    )  # fmt: skip
    owner_words = line(label=_("Who sees to it?"), hint=_("A group, a committee, a task; a name only if it must be."))
    owner = forms.ChoiceField(label=_("Or somebody of the fabric"), required=False)
    stand_in = line(label=_("And who, if they cannot?"))
    due_on = ComingField(label=_("By when?"), help_text=_("A day or a month, even a rough one."), required=False)
    status = CodeField("measure_statuses", label=_("How does it stand?"))
    effect_on_group = text(label=_("What does it do to the group and the family?"), rows=2)
    effect_on_individuals = text(label=_("Whom does it expose, and on whom does the work fall?"), rows=2)
    works_sign = text(
        label=_("How will you see that it works?"),
        hint=_("Something others could see too: in the threat, in yourselves, or in your surroundings."),
        rows=2,
    )
    harm_sign = text(label=_("What would be a sign that it does harm?"), rows=2)
    needs = text(
        label=_("What does it need, and from whom?"), hint=_("Authorities, allies, companies, yourselves."), rows=2
    )
    cost = line(label=_("What does it cost?"), hint=_("Money, days, tiredness; nothing exact is needed."))
    after = forms.ChoiceField(label=_("Which measure has to be there first?"), required=False)
    evidence = text(
        label=_("What shows how it stands?"), hint=_("What was seen, a paper, a picture kept elsewhere."), rows=2
    )

    def __init__(
        self,
        *args: Any,
        family: str,
        code: str,
        threats: Iterable[Threat],
        people: Sequence[Actor],
        others: Iterable[Choice] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.family, self.code = family, code
        self.fields["title"].required = not code
        nobody = gettext("nobody in particular")
        self._offer("threat", gettext("none in particular"), [(str(one.pk), one.words) for one in threats])
        self._offer("after", gettext("none in particular"), list(others))
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
        shown = {name: getattr(measure, name) for name in ("revision", "due_on", "status", *_WORDS)}
        ids = {name: getattr(measure, f"{name}_id") for name in ("threat", "owner", "person", "after")}
        return shown | {name: str(pk) if pk is not None else "" for name, pk in ids.items()}

    def told(self) -> MeasureGiven:
        """Return the measure as it was told; ``BadInput`` when it makes no sense."""
        said: Mapping[str, Any] = self.cleaned_data
        return MeasureGiven(
            code=self.code,
            family=self.family,
            status=said["status"],
            threat=_id(said["threat"]),
            owner=_id(said["owner"]),
            person=_id(said.get("person", "")),
            after=_id(said["after"]),
            due_on=said["due_on"],
            **{name: said[name] for name in _WORDS},
        )


def _id(text: str) -> UUID | None:
    return UUID(text) if text else None


class EndForm(RevisionSheet):
    """How and why a measure ends; of an adopted plan, by which decision."""

    how = forms.ChoiceField(
        label=_("How does it end?"),
        choices=[
            ("stopped", _("We stop it: it is over, or no longer needed")),
            ("harmful", _("It does harm: we stop it at once")),
        ],
        widget=forms.RadioSelect,
    )
    because = text(label=_("Why? What did you learn from it?"), required=True)
    ended_on = WhenField(label=_("Since when?"), help_text=_("Left empty: today."), required=False)
    decision = forms.ChoiceField(
        label=_("By which decision of the group?"),
        help_text=_("What does harm is stopped at once; the group is told, and decides after."),
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, decisions: Iterable[Choice] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", gettext("none yet")), *decisions]

    def told(self) -> dict[str, Any]:
        """Return what was told, as the action takes it."""
        return self.cleaned_data | {"decision": _id(self.cleaned_data["decision"])}
