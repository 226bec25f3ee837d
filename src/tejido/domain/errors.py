"""What can go wrong, in one small tree.

Each error carries a sentence for the user: what happened, what was kept, and what to do. The sentence is an
English message id with named parameters; it is translated once, at the edge (page, command line, answer to a
form client). Parameters never carry a person's name or other sealed text.
"""

from __future__ import annotations

from tejido.domain.words import ENGLISH, N_, Words


class TejidoError(Exception):
    """Anything Tejido refuses or cannot do; a user's mistake unless a subclass says otherwise."""

    message: str = N_("Something could not be done. Nothing was changed.")

    def __init__(self, message: str | None = None, **parameters: object) -> None:
        self.message = message if message is not None else type(self).message
        self.parameters = parameters
        super().__init__(self.message)

    def sentence(self, words: Words = ENGLISH) -> str:
        """Return the sentence for the user in the language of ``words``."""
        text = words.gettext(self.message)
        return text.format(**self.parameters) if self.parameters else text

    def __str__(self) -> str:
        return self.sentence()


class BadInput(TejidoError):
    """What was given cannot be understood; what was typed is kept by whoever asked."""

    message = N_("This could not be understood. What you gave was kept; please correct it and try again.")


class NotFound(TejidoError):
    """There is no such record, or the person asking may not know of it."""

    message = N_("There is no such record here. Nothing was changed.")


class NotAllowed(TejidoError):
    """The person asking may not do this."""

    message = N_("You may not do this. Nothing was changed. Ask a coordinator of your circle.")


class Conflict(TejidoError):
    """Somebody else changed the same record meanwhile."""

    message = N_("Somebody changed this meanwhile. What you typed was kept; compare and save again.")


class RuleBroken(TejidoError):
    """A rule of collective protection stands against it; the message gives the reason."""


class WorkspaceLocked(TejidoError):
    """The workspace is closed: its keys are not in memory."""

    message = N_("The workspace is locked. Nothing was lost. Open it with the passphrase.")


class WrongPassphrase(TejidoError):
    """The passphrase does not open this workspace."""

    message = N_("This passphrase does not open the workspace. Nothing was changed; try again.")


class DamagedSeal(TejidoError):
    """A sealed value was altered, moved or cut; it is refused rather than shown."""

    message = N_(
        "A sealed value does not open: it was altered, moved or cut short. It is not shown. "
        "Nothing was changed; run the check command and restore a backup if needed."
    )


class DossierGone(DamagedSeal):
    """The key of a dossier is no more: it was erased, and nothing opens what was sealed in it."""

    message = N_(
        "This was part of a dossier that was erased; nothing opens it any more. "
        "If nobody erased it, run the check command and restore a backup."
    )
