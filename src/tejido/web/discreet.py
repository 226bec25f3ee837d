"""Logs that tell what broke and never what it was about.

A traceback's message and a request's address may carry a name. What is kept: the logger, the level, the kind of
error and the place in the code where it arose.
"""

from __future__ import annotations

import logging
import traceback


class Discreet(logging.Filter):
    """Replaces every record's text by its kind and place."""

    def filter(self, record: logging.LogRecord) -> bool:
        place = f"{record.module}.{record.funcName}:{record.lineno}"
        kind = ""
        if record.exc_info and record.exc_info[0] is not None:
            frames = traceback.extract_tb(record.exc_info[2])
            last = frames[-1] if frames else None
            kind = record.exc_info[0].__name__ + (f" in {last.name}:{last.lineno}" if last else "")
        status = getattr(record, "status_code", "")
        record.msg = " ".join(str(part) for part in (record.name, place, status, kind) if part)
        record.args = ()
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True
