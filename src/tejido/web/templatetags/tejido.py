"""What every template may say: labels, dates, drawings, form fields, error summaries, pages of a list."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any
from uuid import UUID

from django import template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm, BaseFormSet, Field
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from tejido.domain.dates import ImpreciseDate
from tejido.drawing.svg import Drawing
from tejido.vocabularies import vocabulary
from tejido.web.addresses import address
from tejido.web.paging import Page
from tejido.web.wording import Counted, page_language

register = template.Library()
#: Choices beyond which they stand in columns.
_MANY = 8


@register.filter
def label(code: object, name: str) -> str:
    """Return the label of a code of the list ``name``: ``{{ act.kind|label:"acts" }}``."""
    return vocabulary(name).label(str(code), page_language()) if code else ""


@register.filter
def at(record: UUID, view: str) -> str:
    """Return the address of ``view`` for a record: ``{{ row.id|at:"dossiers:incident" }}``; quick, for long lists."""
    return address(view, record)


@register.filter
def dated(when: ImpreciseDate | str | None) -> str:
    """Return an imprecise date (or its EDTF text) in whole words."""
    date = _as_date(when)
    return date.words(page_language()) if date else ""


@register.filter
def dated_short(when: ImpreciseDate | str | None) -> str:
    """Return an imprecise date (or its EDTF text) for a narrow column."""
    date = _as_date(when)
    return date.short(page_language()) if date else ""


@register.filter
def counted(many: int | None) -> Counted:
    """Return a number of things with its thousands apart; it still chooses the plural of a sentence."""
    return Counted(many or 0)


def _as_date(when: ImpreciseDate | str | None) -> ImpreciseDate | None:
    if not when:
        return None
    return when if isinstance(when, ImpreciseDate) else ImpreciseDate.decode(str(when))


@register.simple_tag
def drawing(drawn: Drawing, caption: str = "") -> SafeString:
    """Show a drawing, its caption and, folded beside it, the table that says the same.

    Without a picture the table stands open.
    """
    # The drawing room escapes every text it puts into an SVG and knows no script.
    svg = mark_safe(drawn.svg)  # noqa: S308
    return render_to_string("web/drawing.html", {"svg": svg, "table": drawn.table, "caption": caption})


@register.simple_tag(takes_context=True)
def paging(context: Context, page: Page[Any]) -> SafeString:
    """Link to the pages before and after, keeping the other parameters of the address."""
    request = context.get("request")
    return render_to_string(
        "web/paging.html",
        {
            "before": _beside(request, before=page.before) if page.before else "",
            "after": _beside(request, after=page.after) if page.after else "",
        },
    )


def _beside(request: HttpRequest | None, **place: UUID) -> str:
    query = request.GET.copy() if request else None
    if query is None:
        return "?" + "&".join(f"{name}={value}" for name, value in place.items())
    for name in ("after", "before"):
        query.pop(name, None)
    for name, value in place.items():
        query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Show one field of a form: label, hint, error and control, tied together for those who listen."""
    if bound.is_hidden:
        return SafeString(bound.as_widget())
    kind = getattr(bound.field.widget, "input_type", "")
    described = [f"{bound.auto_id}_{part}" for part in _parts(bound)]
    attrs: dict[str, Any] = {"aria-describedby": " ".join(described)} if described else {}
    grouped = bound.use_fieldset
    return render_to_string(
        "web/field.html",
        {
            "bound": bound,
            "control": "" if grouped else bound.as_widget(attrs=attrs),
            "described": " ".join(described),
            "many": grouped and len(bound.subwidgets) > _MANY,
            "shape": "group" if grouped else "tick" if kind == "checkbox" else "line",
        },
    )


def _parts(bound: BoundField) -> list[str]:
    return (["hint"] if bound.help_text else []) + (["error"] if bound.errors else [])


@dataclass(frozen=True)
class Slip:
    """One thing to look at again: what it says, and the field it leads to."""

    sentence: str
    target: str


@register.simple_tag
def error_summary(*sheets: BaseForm | BaseFormSet[Any] | None) -> SafeString:
    """Say above the form what wants another look, each with a link to its field; nothing when all is well."""
    slips = list(chain.from_iterable(_slips(sheet) for sheet in sheets if sheet is not None))
    return render_to_string("web/error_summary.html", {"slips": slips}) if slips else SafeString("")


def _slips(sheet: BaseForm | BaseFormSet[Any]) -> list[Slip]:
    if isinstance(sheet, BaseFormSet):
        whole = [Slip(str(said), "") for said in sheet.non_form_errors()]
        return whole + [slip for form in sheet for slip in _slips(form)]
    return [
        Slip(str(said), "") if name == NON_FIELD_ERRORS else Slip(_named(sheet[name], str(said)), _target(sheet[name]))
        for name, errors in sheet.errors.items()
        for said in errors
    ]


def _named(bound: BoundField, said: str) -> str:
    """Return what is said about a field; with its label where the sentence could be about any field."""
    anonymous = said == str(Field.default_error_messages["required"])
    return f"{bound.label}: {said}" if anonymous else said


def _target(bound: BoundField) -> str:
    """Return the id of the control, or of the group when there are several."""
    if bound.is_hidden:
        return ""
    return bound.auto_id if bound.use_fieldset else bound.id_for_label
