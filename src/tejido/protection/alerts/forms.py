"""What is asked when a group calls on others: the call itself, its beginning, whom somebody told, its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tejido.domain.dates import ImpreciseDate
from tejido.protection.alerts.given import AlertGiven, ToldGiven
from tejido.protection.alerts.models import Alert
from tejido.protection.coming import ComingField
from tejido.protection.following.forms import FollowSheet
from tejido.protection.following.given import Given
from tejido.protection.forms import Choice, line, text
from tejido.protection.once import NewSheet
from tejido.web.forms import CodeField, RevisionSheet, Sheet, WhenField


class ChainSheet(Sheet):
    """A sheet on which calls of the network are ticked; without any, nothing is asked."""

    chain = forms.MultipleChoiceField(
        label=_("Whom do we tell, in the order of our network?"),
        help_text=_("As the network has them now; somebody of us tells each of them, and writes it down here."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, steps: Sequence[Choice]) -> None:
        """Offer these calls; without any the question is left out."""
        field = self.fields["chain"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(steps)
        if not steps:
            del self.fields["chain"]

    def chosen(self) -> tuple[UUID, ...]:
        """Return the calls that were ticked."""
        return tuple(UUID(one) for one in self.cleaned_data.get("chain", ()))


class AlertForm(FollowSheet, ChainSheet, NewSheet):
    """A call to others."""

    OF = AlertGiven
    words = text(
        label=_("What happened, or is about to?"),
        hint=_("What those who are told have to know, and no more: no names that they do not need."),
        required=True,
        rows=4,
    )
    asked = text(
        label=_("What do we ask of them?"),
        hint=_("Something they can do, such as “ring the prosecutor tonight”, “be there on Thursday at eight”."),
        required=True,
        rows=3,
    )
    urgency = CodeField("alert_urgencies", label=_("How urgent is it?"), ask=False, initial="soon")
    audience = CodeField(
        "audiences",
        label=_("Who may see it?"),
        help_text=_("Beyond our own circle it needs the group's consent for exactly them."),
        error_messages={"required": _("Say who may see it: it decides whose consent is needed.")},
    )
    until = ComingField(
        label=_("Until when is it meant?"), help_text=_("After that day nobody is told any more."), required=False
    )
    incident = forms.ChoiceField(label=_("Which incident is it about?"), required=False)
    field_order = ("words", "asked", "chain", "urgency", "audience", "until", "incident", "revision")

    def __init__(self, *args: Any, steps: Sequence[Choice] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(steps)

    def told(self, **more: Any) -> Given:
        """Return what was told, with whom to tell."""
        return super().told(chain=self.chosen(), **more)

    @classmethod
    def initial_of(cls, record: Any) -> dict[str, object]:
        """Return what the sheet shows of an alert."""
        assert isinstance(record, Alert)
        chain = [str(one.step_id) for one in record.calls.all() if one.step_id is not None]
        return super().initial_of(record) | {"chain": chain}


class AddForm(ChainSheet):
    """Others of the network who are to be told as well."""

    def __init__(self, *args: Any, steps: Sequence[Choice] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(steps)


class BeginForm(RevisionSheet):
    """By which decision an alert is told; only those that hold are offered."""

    decision = forms.ChoiceField(
        label=_("By which decision of the group?"), widget=forms.RadioSelect,
        error_messages={"required": _("Others are called by a decision of the group: choose or record one.")},
    )  # fmt: skip

    def __init__(self, *args: Any, decisions: Sequence[Choice] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(decisions)


class ToldForm(FollowSheet):
    """Somebody was told, and what they answered."""

    OF = ToldGiven
    given_on = WhenField(label=_("On which day were they told?"), help_text=_("Left empty: today."), required=False)
    given_at = line(label=_("At what time?"), hint=_("As exactly as it matters, such as “nine at night”."))
    given_by = line(label=_("Who of us told them?"), hint=_("A task is enough."))
    still_stood = forms.BooleanField(label=_("It was stopped that very day: they were told before"), required=False)
    answered = CodeField("alert_answers", label=_("What came of it?"), required=False)
    answer = text(label=_("What did they say?"), hint=_("What they will do, by when, or why not."), rows=2)

    def __init__(self, *args: Any, stopped: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if not stopped:
            del self.fields["still_stood"]

    def clean_given_on(self) -> ImpreciseDate:
        """Take no day for today."""
        return self.cleaned_data["given_on"] or ImpreciseDate.day(timezone.localdate())


class EndForm(RevisionSheet):
    """Why it stops, or what came of it."""

    how = forms.ChoiceField(
        label=_("How does it end?"),
        widget=forms.RadioSelect,
        choices=[
            ("over", _("It did what it could, or is no longer needed")),
            ("stopped", _("We stop it: nobody is to act on it any more")),
        ],
    )
    outcome = text(label=_("What came of it, or why does it stop?"), required=True, rows=3)
