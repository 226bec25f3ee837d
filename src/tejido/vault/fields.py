"""Sealed columns: what a model declares to keep a value sealed at rest.

A sealed field reads and writes like a plain one. In the database it is bytes (see ``seal``), opened only when
the attribute is first read, so that a page pays for what it shows. An empty value is stored as NULL.
Sealed columns cannot be filtered or ordered by: there is nothing to compare.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.exceptions import FieldError
from django.db import models

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.keyring import current
from tejido.vault.seal import IN_DOSSIER, Place, dossier_of

if TYPE_CHECKING:
    from tejido.vault.models import SealedRecord

T = TypeVar("T")

if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


#: Made once: ``json.dumps`` with these options would make one for each value.
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class SealedBytes(bytes):
    """A value as it came from the database, not yet opened."""


class _Opener(Generic[T]):
    """The attribute of a sealed field: opens at first reading."""

    def __init__(self, field: SealedField[T]) -> None:
        self.field = field

    def __get__(self, instance: SealedRecord | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        values = instance.__dict__
        name = self.field.attname
        if name not in values:
            instance.refresh_from_db(fields=[name])
        value = values[name]
        if isinstance(value, SealedBytes):
            value = values[name] = self.field.opened(instance, value)
        return value

    def __set__(self, instance: SealedRecord, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(_Binary, Generic[T]):
    """Common part of the sealed fields; a subclass says how its value becomes text and back."""

    descriptor_class = _Opener

    def __init__(self, *args: Any, **options: Any) -> None:
        options.update(null=True, editable=False)
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for given in ("null", "editable"):
            options.pop(given, None)
        return name, path, args, options

    def get_default(self) -> T:
        return self.empty()

    def empty(self) -> T:
        """Return the value that means nothing was said."""
        raise TypeError("a sealed field says what its empty value is")

    def encoded(self, value: T) -> str:
        """Return the value as text."""
        raise TypeError("a sealed field says how its value is written")

    def decoded(self, text: str) -> T:
        """Return the value written as ``text``."""
        raise TypeError("a sealed field says how its value is read")

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opener(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.empty() if value is None else SealedBytes(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: it can be neither filtered nor ordered by")
        return super().get_lookup(lookup_name)

    def opened(self, instance: SealedRecord, sealed: bytes) -> T:
        """Open ``sealed`` as a value of ``instance``."""
        plain = current().open(instance.seal_scope(), sealed, self._place(instance, instance.opening_revision()))
        if sealed[0] == IN_DOSSIER and "_dossier" not in instance.__dict__:
            instance.__dict__["_dossier"] = dossier_of(sealed)
        return self.decoded(plain.decode())

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        instance: SealedRecord = model_instance  # type: ignore[assignment]
        value = instance.__dict__.get(self.attname)
        if isinstance(value, SealedBytes):
            if instance.opening_revision() == instance.revision:
                return value
            value = self.opened(instance, value)
        if value is None or value == self.empty():
            return None
        try:
            plain = self.encoded(value).encode()
        except UnicodeEncodeError:
            raise BadInput(N_("A text holds broken characters. It was not saved; please type it again.")) from None
        place, scope = self._place(instance, instance.revision), instance.seal_scope()
        return SealedBytes(current().seal(scope, plain, place, dossier=instance.dossier()))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, SealedBytes):
            raise FieldError(f"{self.name} is sealed: it is written with its record, never by a bare update")
        return super().get_db_prep_value(None if value is None else bytes(value), connection, prepared)

    def _place(self, instance: SealedRecord, revision: int) -> Place:
        return Place(instance._meta.db_table, instance.pk, self.column or self.attname, revision)


class SealedText(SealedField[str]):
    """Sealed text; empty is ``""``."""

    def empty(self) -> str:
        return ""

    def encoded(self, value: str) -> str:
        return value

    def decoded(self, text: str) -> str:
        return text


class SealedJSON(SealedField[Any]):
    """Sealed lists and mappings; ``shape`` (list or dict) says what empty is."""

    def __init__(self, *args: Any, shape: type = dict, **options: Any) -> None:
        self.shape = shape
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        if self.shape is not dict:
            options["shape"] = self.shape
        return name, path, args, options

    def empty(self) -> Any:
        return self.shape()

    def encoded(self, value: Any) -> str:
        return _JSON.encode(value)

    def decoded(self, text: str) -> Any:
        return json.loads(text)


class SealedDate(SealedField["ImpreciseDate | None"]):
    """A sealed imprecise date; empty is ``None``."""

    def empty(self) -> ImpreciseDate | None:
        return None

    def encoded(self, value: ImpreciseDate | None) -> str:
        return value.encode() if value is not None else ""

    def decoded(self, text: str) -> ImpreciseDate | None:
        return ImpreciseDate.decode(text)
