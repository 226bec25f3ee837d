"""What the pages of shared dossiers show, and the form by which one is shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from tejido.dossiers.pages import Named
from tejido.web.forms import DayInput, Sheet


class ShareForm(Sheet):
    """With which circle, until when, why."""

    sign = forms.CharField(
        label=_("The sign of the other circle"),
        help_text=_("They find it under “Shared dossiers” and read it out to you; not through this machine."),
        max_length=80,
        error_messages={"required": _("Type the sign of the other circle.")},
    )
    until = forms.DateField(
        label=_("Until which day may they read it?"),
        widget=DayInput(),
        error_messages={"invalid": _("Give a day, as in 2026-12-31."), "required": _("Say until which day.")},
    )
    why = forms.CharField(
        label=_("Why is it shared?"),
        help_text=_("They read it too. Say who agreed to it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why it is shared.")},
    )

    decision = forms.ChoiceField(
        label=_("Under which decision of the group?"),
        help_text=_("It is shared for no longer than the decision holds, and taken back with it."),
        required=False,
    )

    def __init__(self, *args: Any, decisions: Sequence[tuple[str, str]] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(decisions)
        if not decisions:
            del self.fields["decision"]

    def decided(self) -> UUID | None:
        """Return the decision that was chosen, if any was asked for."""
        chosen = self.cleaned_data.get("decision")
        return UUID(chosen) if chosen else None


@dataclass(frozen=True)
class SharedLine:
    """One dossier that is shared: its name and page, with or by which circle, by whom, until when, why."""

    id: UUID
    dossier: Named
    circle: str
    by: str
    until: date
    why: str
    decided: str = ""


@dataclass(frozen=True)
class SharePage:
    """Sharing one dossier: with whom it is shared already, the form; ``undecided``: where its group decides first."""

    name: str
    back: str
    lines: tuple[SharedLine, ...]
    form: ShareForm
    undecided: str = ""


@dataclass(frozen=True)
class SharedPage:
    """What others let us read, what we let others read, and our own sign."""

    theirs: tuple[SharedLine, ...]
    ours: tuple[SharedLine, ...]
    sign: str


@dataclass(frozen=True)
class Part:
    """A heading of a shared dossier and what stands under it; a line may lead to another shared dossier."""

    heading: str
    lines: tuple[Named, ...]


@dataclass(frozen=True)
class SharedDossierPage:
    """A dossier of another circle, to be read only."""

    name: str
    kind: str
    words: str
    of: str
    by: str
    until: date
    why: str
    parts: tuple[Part, ...]
