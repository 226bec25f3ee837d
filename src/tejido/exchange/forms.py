"""The forms of import and export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tejido.exchange.simple_mapping import ROLES
from tejido.web.forms import Sheet

_LARGEST_MAPPING = 1_000_000


class UploadSheet(Sheet):
    """A list and, if there is one, how it is to be read."""

    file = forms.FileField(
        label=_("The list"), help_text=_("A CSV or XLSX file. It is locked away as it arrives, and stays so.")
    )
    mapping = forms.FileField(
        label=_("The mapping"),
        required=False,
        help_text=_("A YAML file that says what each column is. Without one, you make it on the next page."),
    )
    map = forms.FileField(
        label=_("A map file"),
        required=False,
        help_text=_("A GeoJSON file with the shapes of places, if the mapping asks for one."),
    )


class MappingSheet(Sheet):
    """The mapping as a text."""

    mapping = forms.CharField(
        label=_("The mapping"),
        max_length=_LARGEST_MAPPING,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "code", "spellcheck": "false"}),
    )


class ColumnsSheet(Sheet):
    """What each column of a list is, for the simple case."""

    def __init__(self, columns: list[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.columns = columns
        for place, column in enumerate(columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column, choices=list(ROLES.items()), required=False
            )

    def chosen(self) -> dict[str, str]:
        """Return ``{column: role}``."""
        return {column: self.cleaned_data.get(f"column_{place}") or "" for place, column in enumerate(self.columns)}


class UndoSheet(Sheet):
    """Whether to keep what was changed since."""

    keep = forms.BooleanField(label=_("Undo, and keep what was changed since or hangs upon it"), required=False)


class ReasonSheet(Sheet):
    """Why everything is to be taken out, for the second person."""

    reason = forms.CharField(
        label=_("What is it needed for?"),
        help_text=_("The second person reads it, to decide. It is kept sealed."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why it is needed: the second person has to understand it.")},
    )
