"""``tejido audit``: taking the journal out, and proving what was taken out where there is no workspace."""

from __future__ import annotations

import argparse

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs, open_command
from tejido.cli.telling import Telling
from tejido.domain.errors import NotFound
from tejido.domain.words import N_


@needs("read journal")
def export_journal(options: argparse.Namespace, telling: Telling) -> None:
    """Write the journal, signed, to a file that can be proved elsewhere."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase) as (_, by):
        from tejido.circles.openings import fold_openings
        from tejido.vault.journal_out import take_journal_out

        fold_openings(by=by)
        found = take_journal_out(by=by, out=options.out)
    telling.document({"file": str(options.out), "lines": found.lines, "head": found.head, "digest": found.digest})
    telling.say(
        telling.words.gettext(
            "The journal is in {file}: {lines} lines, signed. It holds no content of records."
        ).format(file=options.out, lines=found.lines)
    )
    telling.say(telling.words.gettext("Write this down elsewhere, to know the journal again: {digest}").format(
        digest=found.digest
    ))  # fmt: skip


@open_command("a journal is proved by people who have no workspace; nothing of one is read")
def verify_journal(options: argparse.Namespace, telling: Telling) -> int:
    """Prove a journal that was taken out; exit code 1 if something is wrong with it."""
    from tejido.vault.proof import verify_file

    for path in (options.file, options.earlier):
        if path is not None and not path.is_file():
            raise NotFound(N_("There is no such file. Nothing was changed; check the path."))
    proof = verify_file(options.file, known_head=options.known_head, earlier=options.earlier)
    telling.document(
        {
            "whole": not proof.faults,
            "lines": proof.lines,
            "head": proof.head,
            "digest": proof.digest,
            "checkpoints": proof.checkpoints,
            "signers": proof.signers(),
            "faults": [
                {"fault": fault.code, "line": fault.seq, "sentence": fault.sentence(telling.words)}
                for fault in proof.faults
            ],
        }
    )
    for fault in proof.faults:
        telling.say(f"▲ {fault.sentence(telling.words)}")
    if not proof.faults:
        told = telling.words.gettext("● The journal is whole: {lines} lines, signed {many} times.")
        telling.say(told.format(lines=proof.lines, many=proof.checkpoints))
    for signer in proof.signers():
        told = telling.words.gettext("Signed by the key {fingerprint} up to line {line}. Ask whose it is, by voice.")
        telling.say(told.format(fingerprint=signer["fingerprint"], line=signer["up_to"]))
    return int(bool(proof.faults))
