"""Actors and territories chosen by name, as fields of a form; see ``tejido.fabric.choosing``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tejido.fabric.choosing import ActorChoice, Choice, TerritoryChoice
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language


class ChoiceWidget(forms.Widget):
    """Draws the names typed, those chosen before, and the questions still open."""

    def __init__(self, choice: type[Choice], *, new_kind: str, many: bool, needed: bool) -> None:
        super().__init__()
        self.choice, self.new_kind, self.many, self.needed = choice, new_kind, many, needed

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Choice:
        return self.choice(name, data, new_kind=self.new_kind, many=self.many, needed=self.needed)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        part = value if isinstance(value, Choice) else self.choice(name, known=value or (), many=self.many)
        kinds = vocabulary(part.kinds).choices(page_language())
        return render_to_string("fabric/part_choice.html", {"choice": part, "attrs": attrs or {}, "kinds": kinds})


class ChoiceField(forms.Field):
    """A field that cleans to a settled ``Choice``; its initial value is a list of ids.

    ``new_kind`` is the kind of what is newly typed (empty: the form asks); ``many=False`` takes a single name.
    """

    choice: type[Choice] = Choice

    def __init__(self, *, new_kind: str = "", many: bool = True, **options: Any) -> None:
        needed = bool(options.get("required", True))
        self.many = many
        widget = ChoiceWidget(self.choice, new_kind=new_kind, many=many, needed=needed)
        super().__init__(widget=widget, **options)

    def clean(self, value: Any) -> Any:
        if value.errors:
            raise forms.ValidationError(list(value.errors))
        if not self.many and len(value.resolved) > 1:
            raise forms.ValidationError(_("Please choose one: untick the other, or take out what you typed."))
        return value


class ActorsField(ChoiceField):
    """Actors, chosen by name."""

    choice = ActorChoice


class TerritoryField(ChoiceField):
    """One territory, chosen by name."""

    choice = TerritoryChoice

    def __init__(self, **options: Any) -> None:
        super().__init__(many=False, **options)
