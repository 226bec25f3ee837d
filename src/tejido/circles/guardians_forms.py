"""The forms of guardians: choosing them, taking up a request, asking and coming back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tejido.circles.forms import HandleField, SecretField, TwiceSheet
from tejido.circles.guardians import LONGEST, SHORTEST, USUAL
from tejido.circles.models import Member
from tejido.circles.proving import ProofSheet
from tejido.vault.guardians import FEWEST, MOST
from tejido.web.forms import Sheet

_WHO = _("Choose at least two people of the circle, and at most nine.")


class ChooseForm(ProofSheet):
    """Who guards one's way back, how many of them are needed, and how long it takes."""

    people = forms.MultipleChoiceField(
        label=_("Who are your guardians?"),
        help_text=_("People who know your voice, who live in different places and would not all be pressed at once."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _WHO, "invalid_choice": _WHO},
    )
    needed = forms.IntegerField(
        label=_("How many of them are needed?"),
        help_text=_("At least two. Fewer than all, so that you get in when one of them cannot be found."),
        min_value=FEWEST,
        max_value=MOST,
        initial=FEWEST,
        error_messages={
            "required": _("Say how many are needed; at least two."),
            "invalid": _("Give a number, as in 2."),
            "min_value": _("At least two are needed: nobody brings an account back alone."),
            "max_value": _("At most nine are needed."),
        },
    )
    hours = forms.IntegerField(
        label=_("How many hours must pass first?"),
        help_text=_("In this time anybody in the circle can stop it, if it is not you who asks. 72 hours are usual."),
        min_value=SHORTEST,
        max_value=LONGEST,
        initial=USUAL,
        error_messages={
            "required": _("Say how many hours; 72 are usual."),
            "invalid": _("Give a number of hours, as in 72."),
            "min_value": _("At least 24 hours, so that others have time to see it."),
            "max_value": _("At most 336 hours, which are two weeks."),
        },
    )
    field_order = ("people", "needed", "hours", "passphrase", "handle", "key_file")

    def __init__(self, *args: Any, people: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name or _("without a name")) for one in people]
        self.fields["people"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        people, needed = given.get("people"), given.get("needed")
        if people is not None and not FEWEST <= len(people) <= MOST:
            self.add_error("people", _WHO)
        elif people is not None and needed is not None and needed > len(people):
            self.add_error("needed", _("You need no more guardians than you choose."))
        return given


class BeginForm(Sheet):
    """A guardian heard somebody's voice say a number."""

    member = forms.ChoiceField(
        label=_("Whose voice was it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who asked you."), "invalid_choice": _("Choose who asked you.")},
    )
    number = forms.CharField(
        label=_("The number they read to you"),
        help_text=_("Six groups of four digits. Hear it from them, by voice or face to face; not from a message."),
        max_length=100,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Type the number that they read to you.")},
    )

    def __init__(self, *args: Any, people: list[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.name or _("without a name")) for one in people]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]


class ReturnForm(TwiceSheet):
    """The words somebody kept when they asked, and those that open the notebook from now on."""

    code = SecretField(
        label=_("The ten words you kept when you asked"),
        remembered_as="one-time-code",
        error_messages={"required": _("Type the words you kept.")},
    )
    handle = HandleField(
        label=_("Your handle"),
        help_text=_("The one you had, or another. Whoever founded the notebook may leave it empty."),
        required=False,
    )
    field_order = ("code", "handle", "choice", "own", "again")
