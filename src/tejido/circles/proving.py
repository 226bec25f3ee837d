"""Whoever is at work gives the passphrase once more, for what a session alone may not do."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tejido.circles.door import PATIENCE
from tejido.circles.forms import HandleField, KeyFileField, SecretField
from tejido.circles.key_file import key_file_of
from tejido.circles.opening import unlock
from tejido.circles.policies import Worker
from tejido.domain.errors import BadInput, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault.slots import Master
from tejido.web.forms import Sheet

_A_MOMENT = N_("After several wrong tries, each new one waits a little longer. Nothing was changed; try again soon.")


class ProofSheet(Sheet):
    """The passphrase of whoever is at work, as they type it at the door."""

    passphrase = SecretField(
        label=_("Your passphrase"),
        help_text=_("Once more, so that an open page left alone is not enough."),
        remembered_as="current-password",
        error_messages={"required": _("Type the passphrase.")},
    )
    handle = HandleField(
        label=_("Your handle"), help_text=_("Only if you type one when you open the notebook."), required=False
    )
    key_file = KeyFileField(
        label=_("Key file"), help_text=_("Only if you choose one when you open the notebook."), required=False
    )


def proven(request: HttpRequest, form: ProofSheet, *, by: Worker) -> Master:
    """Return the account of whoever is at work, opened anew by what they typed.

    Raises ``WrongPassphrase`` if it opens nothing, or the account of somebody else; wrong tries wait.
    """
    given = form.cleaned_data
    if PATIENCE.wait(given["handle"]):
        raise BadInput(_A_MOMENT)
    master = unlock(given["passphrase"], handle=given["handle"], key_file=key_file_of(request))
    if master.account != by.account:
        raise WrongPassphrase
    return master
