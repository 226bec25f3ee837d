"""What is asked when evidence is added, corrected, opened, handed over or destroyed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from tejido.domain.evidence import INTERNAL
from tejido.incidents.forms import LONGEST_TEXT, LONGEST_TITLE, text_area
from tejido.web.forms import CodeField, CodesField, Sheet, WhenField

#: How many files are taken at once.
MOST_FILES: Final = 10


class ManyFiles(forms.FileInput):
    """Takes several files at once; the view reads them, sealed, from the request."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        return None


class AboutSheet(Sheet):
    """What is said of an item of evidence."""

    kind = CodeField("evidence_kinds", label=_("What is it?"), initial="photograph", ask=False)
    title = forms.CharField(
        label=_("In your own words"),
        help_text=_("“The pamphlet left at the door.” Left empty, it is called by its kind."),
        required=False,
        max_length=LONGEST_TITLE,
    )
    given_by = forms.CharField(
        label=_("Who gave it, and how?"),
        help_text=_("Kept locked. A role is enough: “a neighbour, by hand, at the assembly”."),
        required=False,
        max_length=LONGEST_TEXT,
        widget=text_area(2),
    )
    received = WhenField(
        label=_("When did the group receive it?"),
        help_text=_("A day, a month, “about…”, or “between… and…”."),
        required=False,
        max_length=120,
    )
    agreed = CodesField(
        "audiences",
        label=_("Whoever gave it agrees that it goes to…"),
        help_text=_("Nothing is ticked for them. Without a tick it stays inside the circle."),
        required=False,
    )
    agreed_words = forms.CharField(
        label=_("What they asked us to take care of"),
        help_text=_("“Not the face.” “Only after we have moved.”"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=text_area(2),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        agreed = cast(forms.MultipleChoiceField, self.fields["agreed"])
        known = cast(Iterable[tuple[str, str]], agreed.choices)
        agreed.choices = [choice for choice in known if choice[0] != INTERNAL]


class EvidenceSheet(AboutSheet):
    """One or several files, and what is said of them."""

    sent = forms.FileField(
        label=_("The files"),
        required=False,
        widget=ManyFiles(attrs={"multiple": True}),
    )
    field_order = ("sent", "kind", "title", "given_by", "received", "agreed", "agreed_words")


class CorrectSheet(AboutSheet):
    """What is said of an item, with the revision that was read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class ReasonSheet(Sheet):
    """Why something is done with an item."""

    why = forms.CharField(
        label=_("Why?"),
        help_text=_("The log of this item keeps it."),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Say why: the log of this item keeps it.")},
    )


class ShareSheet(Sheet):
    """To whom an item is handed over, and why."""

    audience = CodeField("audiences", label=_("To whom does it go?"), widget=forms.RadioSelect)
    with_whom = forms.CharField(
        label=_("To whom by name?"),
        help_text=_("Kept locked, in the log of this item."),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Say to whom: the log of this item keeps it.")},
    )
    why = forms.CharField(
        label=_("What for?"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Say what for: the log of this item keeps it.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        audience = cast(forms.ChoiceField, self.fields["audience"])
        known = cast(Iterable[tuple[str, str]], audience.choices)
        audience.choices = [choice for choice in known if choice[0] not in {"", INTERNAL}]
