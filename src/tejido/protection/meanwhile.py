"""What somebody else changed while a form was open: told beside what was typed, which is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.forms import BaseForm, BooleanField, ChoiceField, HiddenInput
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from tejido.domain.dates import ImpreciseDate
from tejido.domain.doubles import LikelyDouble
from tejido.domain.errors import Conflict
from tejido.web.forms import Sheet
from tejido.web.wording import page_language

_ANOTHER: Final = "another"


def told_meanwhile(form: Sheet, error: Conflict, now: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Say the conflict on ``form`` and let it be sent again; return what differs now, as (label, value).

    ``now`` is the form's initial values of the record as it stands. The form keeps what was typed and carries the
    record's revision from now on: whoever sends it again has seen what stood there.
    """
    form.refuse(error)
    carry_revision(form, now["revision"])
    return tuple(
        (str(form.fields[name].label), _shown(form, name, value))
        for name, value in now.items()
        if name in form.fields and name != "revision" and _plain(form.cleaned_data.get(name)) != _plain(value)
    )


def told_double(form: Sheet, error: LikelyDouble) -> tuple[tuple[str, str], ...]:
    """Say that it is probably there already; return what is there, as (label, value).

    The form keeps what was typed: sent again, it says that it is another one (``is_another``).
    """
    form.refuse(error)
    form.fields[_ANOTHER] = BooleanField(widget=HiddenInput, required=False)
    _carry(form, _ANOTHER, "on")
    return ((_("Already written down"), error.known or "—"),)


def is_another(request: HttpRequest) -> bool:
    """Say whether whoever sends a form saw what is there already and means another one."""
    return bool(request.POST.get(_ANOTHER))


def carry_revision(form: Sheet, revision: object) -> None:
    """Let a form that was sent carry another revision when it is shown again."""
    _carry(form, "revision", str(revision))


def _carry(form: Sheet, name: str, value: str) -> None:
    data = QueryDict(mutable=True)
    data.update(form.data)
    data[form.add_prefix(name)] = value
    form.data = data


def _plain(value: object) -> object:
    return sorted(map(str, value)) if isinstance(value, list) else value or ""


def _shown(form: BaseForm, name: str, value: object) -> str:
    field = form.fields[name]
    if isinstance(value, ImpreciseDate):
        return value.words(page_language())
    if isinstance(field, ChoiceField):
        labels = {str(code): str(label) for code, label in field.widget.choices}
        codes = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(code), "—") for code in codes) or "—"
    return str(value or "—")
