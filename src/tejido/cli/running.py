"""From arguments to an answer: language, errors as sentences, exit codes."""

from __future__ import annotations

import argparse
import codecs
import gettext
import io
import json
import locale
import os
import sys
import traceback
from pathlib import Path

from tejido.cli.arguments import parser
from tejido.cli.asking import asked_with
from tejido.cli.policies import Command, running
from tejido.cli.telling import Telling
from tejido.domain.errors import DamagedSeal, TejidoError
from tejido.domain.words import N_, Words

_PACKAGE = Path(__file__).resolve().parent.parent
_FULL = N_("The disk is full. What was under way was not written; make room and try again.")
_CLOSED = N_("The system does not let this file or directory be used. Nothing was changed.")
_REFUSED = N_("The system refused a file operation. What was under way was not written.")
_FAULT, _MISTAKE, _INTERRUPTED = 1, 2, 130


def run(arguments: list[str]) -> int:
    """Run the command; a mistake ends with a sentence on standard error, never with a traceback."""
    _steady_streams()
    lang = language_of(arguments)
    words = words_in(lang)
    try:
        options = parser(words).parse_args(arguments)
        command = _command(options)
        with running(command), asked_with(options):
            return command(options, Telling(words, lang, as_json=options.json)) or 0
    except TejidoError as mistake:
        _say(mistake.sentence(words))
        return _FAULT if isinstance(mistake, DamagedSeal) else _MISTAKE
    except KeyboardInterrupt:
        _say(words.gettext("Stopped. What was finished before is kept; what was under way was not written."))
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (OSError, UnicodeError) as problem:
        _say(_about_files(problem, words))
        return _MISTAKE
    except Exception as fault:
        if sentence := _about_database(fault):
            _say(words.gettext(sentence))
            return _MISTAKE
        # A fault of ours: its kind and place help to mend it; its message may carry a name, so it is not shown.
        _say(words.gettext("Something broke. What was under way was not written. Tell the makers:"))
        _say(f"{type(fault).__name__} {_place(fault)}")
        return _FAULT


def language_of(arguments: list[str]) -> str:
    """Return the language asked for by ``--lang``, else the system's, else English."""
    for at, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")[:2]
        if argument == "--lang" and at + 1 < len(arguments):
            return arguments[at + 1][:2]
    named = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return (locale.normalize(named)[:2] or "en").lower() if named[:2].lower() in {"es", "en"} else "en"


def words_in(lang: str) -> Words:
    """Return the translations of every room in ``lang``, without needing Django."""
    found: gettext.NullTranslations = gettext.NullTranslations()
    for directory in sorted(_PACKAGE.glob("*/locale")):
        more = gettext.translation("django", str(directory), [lang], fallback=True)
        if isinstance(more, gettext.GNUTranslations):
            more.add_fallback(found)
            found = more
    return found


def commands() -> dict[str, Command]:
    """Return every command by what is typed for it. Each imports what it needs itself: help loads no house."""
    from tejido.cli import (
        auditing,
        beginning,
        belonging,
        bringing,
        building,
        erasing,
        guarding,
        keeping,
        leaving,
        listing,
        planning,
        reading,
        recovering,
        ruling,
        sharing,
    )

    return {
        "init": beginning.init,
        "demo": beginning.demo,
        "serve": beginning.serve,
        "import": bringing.bring,
        "export": leaving.export,
        "approve": leaving.approve,
        "list": listing.list_records,
        "read affected": listing.read,
        "read fabric": reading.fabric,
        "read whatif": reading.what_if,
        "read patterns": reading.patterns,
        "read warning": building.warning,
        "audit export": auditing.export_journal,
        "audit verify": auditing.verify_journal,
        "backup": keeping.backup,
        "restore": keeping.restore,
        "check": keeping.check,
        "plan show": planning.show,
        "plan gaps": planning.gaps,
        "plan calendar": planning.calendar,
        "erase": erasing.erase,
        "share": sharing.share,
        "unshare": sharing.unshare,
        "recovery new": recovering.new,
        "member invite": belonging.invite,
        "member join": belonging.join,
        "member list": belonging.members,
        "member remove": belonging.remove,
        "member role": belonging.role,
        "circle new": belonging.new_circle,
        "circle list": belonging.circles,
        "circle guardians": guarding.guardians,
        "circle travel": guarding.travel,
        "circle sessions": guarding.sessions,
        "circle rules": ruling.rules,
    }


def _command(options: argparse.Namespace) -> Command:
    """Find the command; one of several words keeps its second under the name of its first."""
    known = commands()
    return known.get(f"{options.command} {getattr(options, options.command, '')}") or known[options.command]


def _about_files(problem: Exception, words: Words) -> str:
    if isinstance(problem, UnicodeError):
        return words.gettext(N_("A file given is not text in UTF-8. Nothing was changed."))
    if isinstance(problem, FileNotFoundError):
        return words.gettext(N_("There is no such file or directory. Nothing was changed; check the path."))
    if isinstance(problem, PermissionError):
        return words.gettext(_CLOSED)
    if isinstance(problem, OSError) and problem.errno == 28:
        return words.gettext(_FULL)
    if isinstance(problem, OSError) and problem.errno == 98:
        return words.gettext(N_("That port is in use. Nothing was started; choose another with --port."))
    return words.gettext(_REFUSED)


def _about_database(fault: Exception) -> str:
    """Return the sentence for a database file that the disk or the system refuses; nothing for any other fault.

    Told by its name: Django may not be loaded yet.
    """
    if type(fault).__name__ != "OperationalError":
        return ""
    told = {"disk is full": _FULL, "readonly": _CLOSED, "unable to open": _CLOSED, "disk I/O error": _REFUSED}
    return next((sentence for part, sentence in told.items() if part in str(fault)), "")


def _steady_streams() -> None:
    """Let nothing that is printed break a command half-way: no closed stream, no letter the terminal lacks.

    What it lacks is written as ``\\u…``, which inside a JSON string means the same letter.
    """
    codecs.register_error("tejido", _spelt_out)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            setattr(sys, name, os.fdopen(nowhere, "w", encoding="utf-8", errors="tejido"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="tejido")


def _spelt_out(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def _place(fault: Exception) -> str:
    frames = traceback.extract_tb(fault.__traceback__)
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-3:]))


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)
