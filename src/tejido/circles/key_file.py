"""A key file, asked for together with a passphrase: it is read in memory and never reaches the disk.

Whoever unlocks has no key yet to seal an upload with, so this door has a handler of its own. It has to be in place
before anybody reads the form, the check of the form's token included.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
#: The largest key file, in bytes: a photograph, not a film.
LARGEST = 16 * 1024 * 1024
_TOO_LARGE = N_("The key file is larger than 16 MB. Nothing was changed; choose another.")


class KeyFileHandler(FileUploadHandler):
    """Keeps a small file in memory; of a larger one only that it was too large."""

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        self._content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if start <= LARGEST:
            self._content.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._content.seek(0)
        return InMemoryUploadedFile(
            self._content, self.field_name, "key", self.content_type, file_size, self.charset, self.content_type_extra
        )


def with_key_file(
    view: Callable[Concatenate[R, P], HttpResponseBase],
) -> Callable[Concatenate[R, P], HttpResponseBase]:
    """Let a view take a key file; the token of its form is checked as ever."""
    checked = csrf_protect(view)

    @wraps(view)
    def prepared(request: R, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request.upload_handlers = [KeyFileHandler(request)]
        return checked(request, *args, **kwargs)

    return cast("Callable[Concatenate[R, P], HttpResponseBase]", csrf_exempt(prepared))


def key_file_of(request: HttpRequest, name: str = "key_file") -> bytes:
    """Return the content of the key file that came with a form; empty when none did."""
    given = request.FILES.get(name)
    if given is None:
        return b""
    if (given.size or 0) > LARGEST:
        raise BadInput(_TOO_LARGE)
    content: bytes = given.read()
    return content
