"""What the circle chose about its readings: each with its meaning, its default and what changes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tejido.dossiers.ways import way
from tejido.readings.model_settings import BOUNDS, DEFAULTS, TIE_KINDS, Chosen
from tejido.readings.settings import chosen_settings, kept_settings
from tejido.readings.settings_words import GROUPS, SETTINGS
from tejido.vocabularies import vocabulary
from tejido.web.forms import Sheet
from tejido.web.wording import page_language


@dataclass(frozen=True)
class SettingLine:
    """One setting: what it is, what it means, what changes with it; its value and its default as shown."""

    title: str
    means: str
    effect: str
    value: str
    default: str
    unit: str
    is_own: bool


@dataclass(frozen=True)
class SettingsPage:
    """All settings by what they are about. ``change`` and ``back`` are empty for whoever may not."""

    groups: tuple[tuple[str, tuple[SettingLine, ...]], ...]
    are_own: bool
    change: str
    back: str


@dataclass(frozen=True)
class SettingsChangePage:
    """The form, its fields by what they are about."""

    form: SettingsForm

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as they are shown."""
        return [(_(title), [self.form[name] for name in names]) for title, names in GROUPS.items()]


class SettingsForm(Sheet):
    """Every setting, with its meaning and what changes with it as the hint."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    ties = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one kind: without any, nothing is carried on.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, (low, high) in BOUNDS.items():
            self.fields[name] = forms.IntegerField(min_value=low, max_value=high)
        kinds, ties = vocabulary("tie_kinds"), self.fields["ties"]
        assert isinstance(ties, forms.MultipleChoiceField)
        ties.choices = [(kind, kinds.label(kind, page_language())) for kind in TIE_KINDS]
        for name, words in SETTINGS.items():
            field = self.fields[name]
            field.label = f"{_(words.title)} ({_(words.unit)})" if words.unit else _(words.title)
            default = _("By default: {value}.").format(value=_shown(name, DEFAULTS)) if name != "ties" else ""
            field.help_text = " ".join(filter(None, (_(words.means), _(words.effect), default)))

    def chosen(self) -> Chosen:
        """Return what was chosen."""
        told = {name: value for name, value in self.cleaned_data.items() if name in BOUNDS}
        return Chosen(**told, ties=frozenset(self.cleaned_data["ties"]))

    @classmethod
    def standing(cls, circle: UUID) -> dict[str, object]:
        """Return what the form begins with: what is chosen now."""
        chosen, kept = chosen_settings(), kept_settings(circle)
        numbers = {name: getattr(chosen, name) for name in BOUNDS}
        return {**numbers, "ties": sorted(chosen.ties), "revision": kept.revision if kept else 0}


def settings_page(*, may_change: bool) -> SettingsPage:
    """Compose the page."""
    chosen = chosen_settings()
    return SettingsPage(
        groups=tuple((_(title), tuple(_line(name, chosen) for name in names)) for title, names in GROUPS.items()),
        are_own=chosen.are_own,
        change=way("dossiers:reading_settings_change") if may_change else "",
        back=way("dossiers:reading_settings_back") if may_change and chosen.are_own else "",
    )


def _line(name: str, chosen: Chosen) -> SettingLine:
    words = SETTINGS[name]
    return SettingLine(
        title=_(words.title),
        means=_(words.means),
        effect=_(words.effect),
        value=_shown(name, chosen),
        default=_shown(name, DEFAULTS),
        unit=_(words.unit) if words.unit else "",
        is_own=getattr(chosen, name) != getattr(DEFAULTS, name),
    )


def _shown(name: str, chosen: Chosen) -> str:
    if name != "ties":
        return str(getattr(chosen, name))
    if chosen.ties == DEFAULTS.ties:
        return _("all kinds that bind")
    kinds, lang = vocabulary("tie_kinds"), page_language()
    return ", ".join(kinds.label(kind, lang) for kind in TIE_KINDS if kind in chosen.ties)
