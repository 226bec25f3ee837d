"""What can be typed after ``tejido``; others script against it, so it only ever grows."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn
from uuid import UUID

from tejido import __version__
from tejido.cli.planning import add_plan
from tejido.cli.sharing import add_sharing
from tejido.domain.errors import BadInput
from tejido.domain.words import Words


class _Parser(argparse.ArgumentParser):
    """Mistakes become our own sentence and exit code 2, like every other mistake."""

    def error(self, message: str) -> NoReturn:
        raise BadInput("{problem}", problem=f"{self.prog}: {message}")


def parser(words: Words) -> argparse.ArgumentParser:
    """Return the parser, with its help in the language of ``words``."""
    _ = words.gettext
    top = _Parser(prog="tejido", description=_("Collective protection for people who defend human rights."))
    top.add_argument("--version", action="version", version=f"tejido {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar=_("COMMAND"))

    def command(name: str, help_text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help_text, description=help_text)
        made.add_argument("--dir", type=Path, required=True, metavar="DIR", help=_("the workspace's directory"))
        made.add_argument(
            "--passphrase-file", type=Path, metavar="F", help=_("a file whose first line is the passphrase")
        )
        made.add_argument("--json", action="store_true", help=_("print one JSON document and nothing else"))
        made.add_argument("--lang", choices=["es", "en"], help=_("language of sentences (default: the system's)"))
        add_who(made, words)
        return made

    init = command("init", _("Create an encrypted workspace."))
    init.add_argument("--circle", default="", metavar="NAME", help=_("name of the circle"))
    init.add_argument("--database", metavar="URL", help=_("a PostgreSQL address instead of the encrypted file"))

    demo = command("demo", _("Create a workspace with real published data, and serve it."))
    demo.add_argument("--no-serve", action="store_true", help=_("only create and fill it"))
    demo.add_argument("--port", type=_port, default=8765, metavar="N", help=_("port on this machine"))

    serve = command("serve", _("Serve the workspace to a browser on this machine."))
    serve.add_argument("--port", type=_port, default=8765, metavar="N", help=_("port on this machine"))

    bring = command("import", _("Bring in a list (CSV or XLSX with a mapping) or an exported workspace (ZIP)."))
    bring.add_argument("file", type=Path, nargs="?", metavar="FILE", help=_("the list"))
    bring.add_argument("--mapping", type=Path, metavar="MAP.yml", help=_("how its columns are read"))
    bring.add_argument("--preview", action="store_true", help=_("only say what would happen"))
    bring.add_argument("--undo", metavar="IMPORT_ID", help=_("take an earlier import back"))
    bring.add_argument("--force", action="store_true", help=_("undo even what was worked on since"))

    listing = command("list", _("List records."))
    listing.add_argument("what", choices=["actors", "incidents", "territories", "shared"])
    listing.add_argument("--kind", metavar="K", help=_("only this kind (of actor, act or territory)"))

    about = _("Read whom an incident touches, what is building up, or how a fabric is woven, and why.")
    add_reading(command("read", about), words)

    export = command("export", _("Take everything out, as a ZIP of CSV and JSON, in clear."))
    export.add_argument("--out", type=Path, required=True, metavar="F.zip", help=_("the file to write"))
    export.add_argument("--reason", default="", metavar="TEXT", help=_("what it is needed for, for the second person"))
    export.add_argument("--approval", type=_id, metavar="ID", help=_("what a second person approved"))

    approve = command("approve", _("Look, as the second person, at what is to leave; agree or not."))
    approve.add_argument("id", type=_id, metavar="ID", help=_("what was asked for"))
    said = approve.add_mutually_exclusive_group()
    said.add_argument("--show", action="store_true", help=_("only say what it holds"))
    said.add_argument("--refuse", action="store_true", help=_("do not agree"))

    backup = command("backup", _("Write an encrypted backup."))
    backup.add_argument("file", type=Path, nargs="?", metavar="FILE", help=_("the file (default: beside DIR)"))
    restore = command("restore", _("Make a workspace from a backup."))
    restore.add_argument("file", type=Path, metavar="FILE", help=_("the backup"))
    restore.add_argument("--database", metavar="URL", help=_("a PostgreSQL address instead of the encrypted file"))
    audit = commands.add_parser("audit", help=_("Take the journal out, or prove one that was taken out."))
    add_audit(audit.add_subparsers(dest="audit", required=True, metavar=_("WHAT")), words)
    restore.add_argument(
        "--also", type=Path, action="append", default=[], metavar="PATH",
        help=_("a newer backup, or the old directory: what was erased since does not come back"),
    )  # fmt: skip
    restore.add_argument(
        "--recovery-key", type=Path, action="append", default=[], metavar="SHEET",
        help=_("the words of the recovery key, or once for each of enough sheets: the passphrase given is new"),
    )  # fmt: skip
    add_recovery(commands, words)
    erase = command("erase", _("Erase the dossiers of actors or incidents for good."))
    erase.add_argument("what", choices=["actor", "incident"])
    erase.add_argument("id", type=_id, nargs="+", metavar="ID", help=_("ids, as the list command prints them"))
    erase.add_argument("--confirm", default="", metavar="WORD", help=_("the word that is asked for otherwise"))
    erase.add_argument("--reason", default="", metavar="TEXT", help=_("why several go, for the second person"))
    erase.add_argument("--approval", type=_id, metavar="ID", help=_("what a second person approved"))
    add_sharing(command, words, _id)
    add_belonging(commands, words)
    command("check", _("Say what is wrong with this installation, and what to do."))
    add_plan(command, words)
    return top


def add_reading(read: argparse.ArgumentParser, words: Words) -> None:
    """What can be typed after ``tejido read``."""
    _ = words.gettext
    read.add_argument("read", choices=["affected", "warning", "fabric", "whatif", "patterns"])
    read.add_argument(
        "id", nargs="?", default="", metavar="ID",
        help=_("of the incident (affected) or of the collective (fabric); none for warning"),
    )  # fmt: skip
    read.add_argument(
        "--as-of", default="", metavar="DAY", help=_("with warning: an earlier day to look from, as in 2026-01-31")
    )
    read.add_argument(
        "--without", type=_id, action="append", default=[], metavar="ID",
        help=_("with whatif: somebody who could not be reached; may be given several times"),
    )  # fmt: skip
    read.add_argument(
        "--without-tie", type=_id, nargs=2, action="append", default=[], metavar="ID",
        help=_("with whatif: two whose ties to one another are gone"),
    )  # fmt: skip
    read.add_argument(
        "--with-tie", nargs=3, action="append", default=[], metavar=("ID", "KIND", "ID"),
        help=_("with whatif: a tie that is made, as who, which kind (such as works_with) and with whom"),
    )  # fmt: skip


def add_audit(what: argparse._SubParsersAction[_Parser], words: Words) -> None:
    """Add the two commands about the journal; the second needs no workspace."""
    _ = words.gettext
    out = what.add_parser("export", help=_("Write the journal, signed, to a file that can be proved elsewhere."))
    out.add_argument("--dir", type=Path, required=True, metavar="DIR", help=_("the workspace's directory"))
    out.add_argument("--passphrase-file", type=Path, metavar="F", help=_("a file whose first line is the passphrase"))
    out.add_argument("--out", type=Path, required=True, metavar="F", help=_("the file to write"))
    add_who(out, words)
    proof = what.add_parser("verify", help=_("Prove a journal that was taken out; needs no workspace."))
    proof.add_argument("file", type=Path, metavar="FILE", help=_("the journal that was taken out"))
    proof.add_argument("--known-head", default="", metavar="DIGEST", help=_("a digest written down before"))
    proof.add_argument("--earlier", type=Path, metavar="FILE", help=_("an earlier journal that this one continues"))
    for each in (out, proof):
        each.add_argument("--json", action="store_true", help=_("print one JSON document and nothing else"))
        each.add_argument("--lang", choices=["es", "en"], help=_("language of sentences (default: the system's)"))


def add_recovery(commands: argparse._SubParsersAction[_Parser], words: Words) -> None:
    """What can be typed after ``tejido recovery``."""
    _ = words.gettext
    what = commands.add_parser("recovery", help=_("Make a key on paper that opens backups."))
    new = what.add_subparsers(dest="recovery", required=True, metavar=_("WHAT")).add_parser(
        "new", help=_("Make a recovery key and write its words to a sheet, once.")
    )
    new.add_argument("--dir", type=Path, required=True, metavar="DIR", help=_("the workspace's directory"))
    new.add_argument("--passphrase-file", type=Path, metavar="F", help=_("a file whose first line is the passphrase"))
    new.add_argument("--out", type=Path, required=True, metavar="SHEET", help=_("the file to write the words to"))
    new.add_argument("--json", action="store_true", help=_("print one JSON document and nothing else"))
    new.add_argument("--lang", choices=["es", "en"], help=_("language of sentences (default: the system's)"))
    add_who(new, words)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not an id") from None


def add_who(made: argparse.ArgumentParser, words: Words) -> None:
    """Let a command be told who asks: without any of these it is whoever founded the workspace."""
    _ = words.gettext
    made.add_argument("--member", dest="handle", metavar="HANDLE", help=_("your handle, if you were given one"))
    made.add_argument("--key-file", type=Path, metavar="F", help=_("your key file, if you use one"))
    made.add_argument("--work-in", metavar="CIRCLE_ID", help=_("the circle to work in, if you belong to several"))


def add_belonging(commands: argparse._SubParsersAction[_Parser], words: Words) -> None:
    """What can be typed after ``tejido member`` and ``tejido circle``."""
    _ = words.gettext
    member = commands.add_parser("member", help=_("Say who belongs to the circle.")).add_subparsers(
        dest="member", required=True, metavar=_("WHAT")
    )
    circle = commands.add_parser("circle", help=_("Say which circles there are.")).add_subparsers(
        dest="circle", required=True, metavar=_("WHAT")
    )
    invite = member.add_parser("invite", help=_("Let somebody join; print the code once."))
    invite.add_argument("--name", required=True, metavar="NAME", help=_("how the person is called here"))
    invite.add_argument("--role", default="member", metavar="ROLE", help=_("code of the list member_roles"))
    invite.add_argument("--until", metavar="DAY", help=_("last day of a guest, as in 2026-12-31"))
    join = member.add_parser("join", help=_("Join with a code."))
    join.add_argument("--code-file", type=Path, metavar="F", help=_("a file whose first line is the code"))
    join.add_argument("--has-account", action="store_true", help=_("join with the passphrase you have here already"))
    remove = member.add_parser("remove", help=_("Let somebody go, or take an invitation back."))
    remove.add_argument("id", metavar="ID", help=_("the member's id"))
    role = member.add_parser("role", help=_("Give somebody another role."))
    role.add_argument("id", metavar="ID", help=_("the member's id"))
    role.add_argument("role", metavar="ROLE", help=_("code of the list member_roles"))
    role.add_argument("--until", metavar="DAY", help=_("last day of a guest, as in 2026-12-31"))
    new = circle.add_parser("new", help=_("Found one more circle."))
    new.add_argument("--name", required=True, metavar="NAME", help=_("name of the circle"))
    listed = (
        member.add_parser("list", help=_("List the members.")),
        circle.add_parser("list", help=_("List your circles.")),
    )
    for made in (invite, join, remove, role, new, *listed, *_guarding(circle, words)):
        made.add_argument("--dir", type=Path, required=True, metavar="DIR", help=_("the workspace's directory"))
        made.add_argument(
            "--passphrase-file", type=Path, metavar="F", help=_("a file whose first line is the passphrase")
        )
        made.add_argument("--json", action="store_true", help=_("print one JSON document and nothing else"))
        made.add_argument("--lang", choices=["es", "en"], help=_("language of sentences (default: the system's)"))
        add_who(made, words)


def _guarding(circle: argparse._SubParsersAction[_Parser], words: Words) -> tuple[_Parser, ...]:
    """Add what can be typed after ``tejido circle`` about ways back in and what is open."""
    _ = words.gettext
    guardians = circle.add_parser("guardians", help=_("Show who guards whom; choose, begin, agree or stop."))
    guardians.add_argument(
        "--choose", type=_id, action="append", metavar="ID", help=_("a member who guards you; once for each")
    )
    guardians.add_argument("--needed", type=int, default=2, metavar="N", help=_("how many of them are needed"))
    guardians.add_argument("--hours", type=int, default=72, metavar="N", help=_("how many hours must pass first"))
    guardians.add_argument("--begin", type=_id, metavar="ID", help=_("the member whose voice you heard"))
    guardians.add_argument("--number", default="", metavar="DIGITS", help=_("the number that they read to you"))
    guardians.add_argument("--agree", type=_id, metavar="ID", help=_("hand your share on: the one on their way back"))
    guardians.add_argument("--stop", type=_id, metavar="ID", help=_("stop somebody on their way back"))
    travel = circle.add_parser("travel", help=_("Close your own ways in; only guardians bring you back."))
    travel.add_argument("--confirm", default="", metavar="WORDS", help=_("the words that are asked for otherwise"))
    sessions = circle.add_parser("sessions", help=_("Say how many sessions are open, of everybody."))
    sessions.add_argument("--end", action="store_true", help=_("end them all"))
    rules = circle.add_parser("rules", help=_("Show or decide what the circle asks of everybody in it."))
    rules.add_argument(
        "--second-factor", default="", metavar="DAY",
        help=_("the day from which it asks for a second factor, or no; commands at the terminal do not ask for one"),
    )  # fmt: skip
    rules.add_argument(
        "--copies", choices=["one", "two"], help=_("how many people it takes to let out a copy of evidence")
    )
    return guardians, travel, sessions, rules


def _port(text: str) -> int:
    try:
        port = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is not a port")
    return port
