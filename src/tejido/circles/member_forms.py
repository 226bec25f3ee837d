"""The forms of who belongs to a circle: inviting, joining, roles, another circle."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from tejido.circles.forms import HandleField, KeyFileField, SecretField, TwiceSheet
from tejido.web.forms import CodeField, DayInput, Sheet


class RoleSheet(Sheet):
    """A role and, for a guest, the last day."""

    role = CodeField(
        "member_roles",
        label=_("Role"),
        ask=False,
        widget=forms.RadioSelect,
        initial="member",
        error_messages={"required": _("Choose a role.")},
    )
    until = forms.DateField(
        label=_("Until which day?"),
        help_text=_("Only for a guest: the last day on which they come in."),
        required=False,
        widget=DayInput(),
        error_messages={"invalid": _("Give a day, as in 2026-12-31.")},
    )


class InviteForm(RoleSheet):
    """Who is to join."""

    name = forms.CharField(
        label=_("How is the person called here?"),
        help_text=_("It stands beside what they write down. It can be an invented name."),
        max_length=200,
        error_messages={"required": _("Say how the person is called; an invented name will do.")},
    )
    field_order = ("name", "role", "until")


class JoinForm(TwiceSheet):
    """A code, and the words that will open the notebook for whoever joins."""

    code = SecretField(
        label=_("The code that you were given"),
        help_text=_("Six words, by voice or on paper. It works once, and for seven days."),
        remembered_as="one-time-code",
        error_messages={"required": _("Type the code.")},
    )
    handle = HandleField(
        label=_("Choose a handle"),
        help_text=_(
            "You type it with your passphrase when you come back. Only you need to know it; it is kept nowhere."
        ),
        error_messages={"required": _("Choose a handle; an invented word will do.")},
    )
    field_order = ("code", "handle", "choice", "own", "again")


class JoinWithForm(Sheet):
    """A code, and the words of an account that its owner has already."""

    code = SecretField(
        label=_("The code that you were given"),
        remembered_as="one-time-code",
        error_messages={"required": _("Type the code.")},
    )
    handle = HandleField(label=_("Your handle"), required=False)
    passphrase = SecretField(
        label=_("Your passphrase"),
        remembered_as="current-password",
        error_messages={"required": _("Type the passphrase.")},
    )
    key_file = KeyFileField(label=_("Key file"), required=False)


class SureForm(Sheet):
    """Somebody says that they mean it."""

    sure = forms.BooleanField(
        label=_("Yes, I have read this"),
        error_messages={"required": _("Tick the box once you have read what happens.")},
    )


class AnotherCircleForm(Sheet):
    """One more circle."""

    name = forms.CharField(
        label=_("What is the circle called?"),
        help_text=_("It is kept sealed; it can be an invented name."),
        max_length=200,
        error_messages={"required": _("Give the circle a name; an invented one will do.")},
    )
