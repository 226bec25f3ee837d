"""Form parts every slice uses: the sheet, a date as people say it, a code from a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import TejidoError
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language, sentence_of


class Sheet(forms.Form):
    """A form of one column, one question at a time; errors are said twice and nothing typed is lost.

    Templates show it with ``{% error_summary form %}`` and ``{% field form.name %}``. The browser is not asked to
    check: its bubbles speak another language and say one thing at a time.
    """

    use_required_attribute = False

    def refuse(self, error: TejidoError, field: str | None = None) -> None:
        """Show the sentence of ``error`` in the summary and, if given, beside ``field``."""
        self.add_error(field, sentence_of(error))


class RevisionSheet(Sheet):
    """A sheet that changes a record: it carries the revision its reader saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class DayInput(forms.DateInput):
    """A day from a calendar; shown to the browser as it wants it, whatever the language of the page."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class WhenField(forms.CharField):
    """A date as people say it: a day, a month, a year, “about October”, “between … and …”.

    Cleans to an ``ImpreciseDate``, or None when it may be left empty and is.
    """

    default_error_messages = {"required": _("Say more or less when it was; “about October” is fine too.")}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return ImpreciseDate.parse(text, today=timezone.localdate(), lang=page_language())
        except TejidoError as error:
            raise forms.ValidationError(sentence_of(error), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return value.words(page_language()) if isinstance(value, ImpreciseDate) else value


class CodeField(forms.ChoiceField):
    """One code of a controlled list, offered in the language of the page.

    ``name`` is the list. ``empty`` is the word of the choice “nothing”; ``ask`` says whether it is offered: a list
    to unfold begins with it unless told otherwise, so that no code is ever chosen by nobody.
    """

    def __init__(
        self, name: str, *, grouped: bool = False, empty: Any = "—", ask: bool | None = None, **options: Any
    ) -> None:
        widget = options.get("widget", self.widget)
        unfolds = not issubclass(widget if isinstance(widget, type) else type(widget), forms.RadioSelect)
        super().__init__(
            choices=_choices(name, grouped, empty if (unfolds if ask is None else ask) else None), **options
        )


class CodesField(forms.MultipleChoiceField):
    """Several codes of a controlled list, as boxes to tick."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, name: str, *, grouped: bool = False, **options: Any) -> None:
        super().__init__(choices=_choices(name, grouped, None), **options)


def _choices(name: str, grouped: bool, empty: Any) -> Callable[[], list[tuple[str, Any]]]:
    """Return what makes the choices when the form is made: the language is known only then."""

    def offered() -> list[tuple[str, Any]]:
        terms, lang = vocabulary(name), page_language()
        known: list[tuple[str, Any]] = list(terms.grouped_choices(lang) if grouped else terms.choices(lang))
        return known if empty is None else [("", empty), *known]

    return offered
