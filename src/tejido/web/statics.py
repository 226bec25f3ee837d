"""Static files whose address changes with their content: ``tejido.css?v=3f9c…``, kept by browsers for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStatic(StaticFilesStorage):
    """Addresses with a digest of the file; no step that collects files is needed."""

    def url(self, name: str | None) -> str:
        version = _version(name or "")
        return super().url(name) + (f"?v={version}" if version else "")


@cache
def _version(name: str) -> str:
    """Return the digest of a static file, read once in the life of the process; nothing for a missing one."""
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if isinstance(found, str) else ""
