"""The values of a record in a plain form (JSON) and back, column by column: for undo and for the export."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.fields import SealedDate, SealedField, SealedJSON, SealedText

#: What every record has for the vault's sake; it is not content.
VAULT_COLUMNS = frozenset({"revision", "born", "stamp", "circle_id"})
_WRONG = N_("A value of “{column}” is not of the right kind. Nothing was imported; the file was altered or damaged.")


def content_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """Return the columns of a model that are content, the id first."""
    return [field for field in model._meta.concrete_fields if field.attname not in VAULT_COLUMNS]


def plain(field: models.Field[Any, Any], record: models.Model) -> Any:
    """Return one value of a record as JSON has it; an empty sealed value is ``None``."""
    value = getattr(record, field.attname)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(field, SealedDate):
        return value.encode() if value is not None else None
    if isinstance(field, SealedField):
        return None if value is None or value == field.empty() else value
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value


def rich(field: models.Field[Any, Any], value: Any) -> Any:
    """Return the value that ``plain`` gave for that column; ``BadInput`` for anything it cannot have given."""
    if isinstance(field, SealedField):
        return _rich_sealed(field, value)
    if value is None:
        return _checked(field, None, field.null)
    if isinstance(field, (models.UUIDField, models.ForeignKey)):
        try:
            return UUID(value)
        except (ValueError, TypeError, AttributeError):
            raise BadInput(_WRONG, column=field.attname) from None
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(_checked(field, value, isinstance(value, str)))
    if isinstance(field, models.BooleanField):
        return _checked(field, value, isinstance(value, bool))
    if isinstance(field, models.CharField):
        return _checked(field, value, isinstance(value, str) and len(value) <= (field.max_length or 0))
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return _checked(field, value, whole)


def _rich_sealed(field: SealedField[Any], value: Any) -> Any:
    if value is None:
        return field.empty()
    if isinstance(field, SealedDate):
        return ImpreciseDate.decode(_checked(field, value, isinstance(value, str)))
    if isinstance(field, SealedText):
        return _checked(field, value, isinstance(value, str))
    shape = field.shape if isinstance(field, SealedJSON) else object
    return _checked(field, value, isinstance(value, shape))


def _checked(field: models.Field[Any, Any], value: Any, fits: bool) -> Any:
    if not fits:
        raise BadInput(_WRONG, column=field.attname)
    return value
