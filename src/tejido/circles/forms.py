"""The forms of the circle: unlocking, setting up, changing the passphrase."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tejido.domain.errors import BadInput
from tejido.vault.passphrase import refuse_weak
from tejido.web.forms import Sheet


def same_words(one: str, other: str) -> bool:
    """Say whether two passphrases are the same but for spaces."""
    return " ".join(one.split()) == " ".join(other.split())


#: The fields in which passphrases are typed, for views to declare: no page ever shows them back.
SECRETS = ("passphrase", "old", "own", "again")


class SecretField(forms.CharField):
    """A passphrase: never shown again, spaces kept as they were typed."""

    def __init__(self, *, remembered_as: str, **options: Any) -> None:
        widget = forms.PasswordInput(
            attrs={"autocomplete": remembered_as, "autocapitalize": "none", "spellcheck": "false"}
        )
        super().__init__(widget=widget, strip=False, max_length=1000, **options)


class HandleField(forms.CharField):
    """How somebody says who they are at the door; kept nowhere as it was typed."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
        super().__init__(widget=widget, max_length=200, **options)


class KeyFileField(forms.FileField):
    """Any file that has to come with the passphrase, unchanged."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty_file=True, max_length=1000, **options)


class UnlockForm(Sheet):
    """The passphrase, and what is to be done once it is open."""

    passphrase = SecretField(
        label=_("Passphrase"),
        remembered_as="current-password",
        error_messages={"required": _("Type the passphrase.")},
    )
    handle = HandleField(label=_("Your handle"), required=False)
    key_file = KeyFileField(label=_("Key file"), required=False)
    second = forms.CharField(
        label=_("The code of your second factor"),
        help_text=_("Only if you set one up: six digits of the telephone, or one of the codes on paper."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        required=False,
    )
    next = forms.CharField(widget=forms.HiddenInput, required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)


class TwiceSheet(Sheet):
    """Anything that asks for a new passphrase, offered or one's own, and for the same words again."""

    choice = forms.ChoiceField(
        label=_("Which words will open it?"),
        choices=[("offered", _("The six words above")), ("own", _("Words of my own"))],
        widget=forms.RadioSelect,
        initial="offered",
        error_messages={"required": _("Choose which words will open it.")},
    )
    own = SecretField(
        label=_("Words of my own"),
        help_text=_("Only if you do not use the six words. At least 12 characters; several words are best."),
        remembered_as="new-password",
        required=False,
    )
    again = SecretField(
        label=_("The words once more"),
        help_text=_("So that we know they are written down somewhere safe: nobody can find them again for you."),
        remembered_as="new-password",
        error_messages={"required": _("Type the words once more.")},
    )

    def __init__(self, *args: Any, offered: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        chosen = self.offered if given.get("choice") == "offered" else given.get("own", "")
        place = "again" if given.get("choice") == "offered" else "own"
        try:
            refuse_weak(chosen)
        except BadInput as error:
            self.refuse(error, place)
        else:
            if given.get("again") and not same_words(chosen, given["again"]):
                self.add_error("again", _("These are not the same words. Type them once more."))
        given["chosen"] = chosen
        return given

    @property
    def passphrase(self) -> str:
        """The words chosen, once the form is valid."""
        return str(self.cleaned_data["chosen"])


class PassphraseForm(TwiceSheet):
    """The first passphrase of a workspace."""


class NewPassphraseForm(TwiceSheet):
    """Another passphrase instead of the present one."""

    old = SecretField(
        label=_("The present passphrase"),
        remembered_as="current-password",
        error_messages={"required": _("Type the present passphrase.")},
    )
    handle = HandleField(
        label=_("Your handle"), help_text=_("Only if you type one when you open the notebook."), required=False
    )
    key_file = KeyFileField(
        label=_("Key file"), help_text=_("Only if you choose one when you open the notebook."), required=False
    )
    field_order = ("old", "handle", "key_file", "choice", "own", "again")


class CircleForm(Sheet):
    """What to begin with, what the circle is called and who works in it."""

    begin = forms.ChoiceField(
        label=_("What do we begin with?"),
        choices=[
            ("demo", _("With demonstration data, to look around")),
            ("empty", _("With an empty notebook")),
        ],
        widget=forms.RadioSelect,
        initial="demo",
        error_messages={"required": _("Choose what to begin with.")},
    )
    circle = forms.CharField(
        label=_("What is the circle called?"),
        help_text=_("The people who share this notebook. It is kept sealed; it can be an invented name."),
        max_length=200,
        error_messages={"required": _("Give the circle a name; an invented one will do.")},
    )
    member = forms.CharField(
        label=_("How are you called in it?"),
        help_text=_("It stands beside what you write down. It can be an invented name."),
        max_length=200,
        error_messages={"required": _("Say how you are called; an invented name will do.")},
    )

    def __init__(self, *args: Any, with_demo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_demo:
            self.fields["begin"].widget = forms.HiddenInput()
            self.fields["begin"].initial = "empty"
