"""What the processes that get killed do in a workspace, and how whoever comes next finds it.

Each deed is told before it is begun and once it is done.
"""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any, Final
from uuid import UUID

from tejido.circles.actions import begin_epoch, found_another_circle, found_circle, open_keyring
from tejido.circles.membership import join_circle, remove_member, rewrap_dossiers, settle
from tejido.circles.models import Circle, Grant, Member
from tejido.circles.opening import workspace
from tejido.circles.sharing import settle_sharing, share_dossier, stop_sharing
from tejido.domain.errors import TejidoError, WorkspaceLocked, WrongPassphrase
from tejido.fabric.models import Actor
from tejido.vault import keystore
from tejido.vault.dossier_keys import KEY, is_granted
from tejido.vault.erasure import erase_dossier, tidy_up
from tejido.vault.inbox import open_from_inbox
from tejido.vault.journal import verify, writing
from tejido.vault.keyring import FILE_KEY, current, using
from tejido.vault.models import Erasure
from tejido.vault.records import create, create_all
from tejido.vault.schema import bring_up_to_date
from tejido.vault.slots import Master
from tests.circles.companions import TODAY, House, words_of

Tell = Callable[..., None]
LAST: Final = date(2999, 12, 31)
EARLIER: Final = date(2998, 12, 31)
#: Somebody of the other circle, with whom things are shared.
OTHER: Final = "Luz"
#: Everybody who was ever to be invited, with the code if it was told: whoever starts the processes fills it.
INVITED: dict[str, str] = {}


def make(master: Master) -> None:
    """Make two circles of the founder; ``OTHER`` is in the second."""
    bring_up_to_date()
    found_circle(name="Ribera", member_name="Alba", master=master)
    house = House(workspace(), master)
    with house.at_work(master) as by:
        there = found_another_circle(by=by, name="Monte").circle_id
    join_circle(
        workspace=house.place,
        code=house.invited(OTHER, circle=there),
        passphrase=words_of(OTHER),
        handle=OTHER,
        today=TODAY,
    )


def write(master: Master, tell: Tell) -> None:
    """Write four people at a time."""
    with House(workspace(), master).at_work(master) as by:
        while True:
            tell(writing=True)
            with writing(by=by, action="test.make") as entry:
                one = create(Actor(circle_id=by.circle_id, kind="person", about="uno"), entry)
                more = [Actor(circle_id=by.circle_id, kind="person", about="más") for _ in range(3)]
                create_all(Actor, more, entry)
            tell(written=[str(actor.pk) for actor in (one, *more)])


def erase(master: Master, tell: Tell) -> None:
    """Erase one after the other."""
    with House(workspace(), master).at_work(master) as by:
        for actor in list(Actor.objects.order_by("pk").values_list("pk", flat=True)):
            tell(erasing=str(actor))
            erase_dossier(actor, by=by)
            tell(erased=str(actor))
    _end()


def rotate(master: Master, tell: Tell) -> None:
    """Give the circle new keys, again and again."""
    with House(workspace(), master).at_work(master) as by:
        while True:
            tell(rotating=True)
            with writing(by=by, action="circle.begin_epoch") as entry:
                epoch, key = begin_epoch(by.circle_id, entry)
            current().learn(by.circle_id, epoch, key)
            rewrap_dossiers(by.circle_id)
            tell(rotated=epoch)


def come(master: Master, tell: Tell) -> None:
    """Let people in."""
    house = House(workspace(), master)
    while True:
        name = secrets.token_hex(4)
        tell(inviting=name)
        code = house.invited(name)
        tell(invited=name, code=code)
        join_circle(workspace=house.place, code=code, passphrase=words_of(name), handle=name, today=TODAY)
        tell(joined=name)


def go(master: Master, tell: Tell) -> None:
    """Let them go again, those who joined first."""
    house = House(workspace(), master)
    with house.at_work(master) as by:
        for member in Member.objects.filter(circle_id=by.circle_id, status="active").order_by("born"):
            if member.pk != by.pk:
                tell(going=member.name)
                remove_member(by=by, workspace=house.place, member_id=member.pk)
                tell(gone=member.name)
    _end()


def share(master: Master, tell: Tell) -> None:
    """Let the other circle read, take every second back, the first too, and give the others an earlier last day."""
    with House(workspace(), master).at_work(master) as by:
        (to,) = Circle.objects.exclude(pk=by.circle_id).values_list("pk", flat=True)
        for turn, actor in enumerate(Actor.objects.order_by("-pk").values_list("pk", flat=True)):
            tell(sharing=str(actor))
            grant = share_dossier(actor, by=by, sign=str(to), until=LAST, why="agreed")
            tell(shared=str(actor))
            if turn % 2 == 0:
                tell(taking=str(actor))
                stop_sharing(grant.pk, by=by)
                tell(taken=str(actor))
            else:
                tell(shortening=str(actor))
                share_dossier(actor, by=by, sign=str(to), until=EARLIER, why="agreed")
                tell(shortened=str(actor))
    _end()


def look(master: Master, tell: Tell) -> None:
    """Open the workspace as whoever comes next does, and say what is there."""
    house = House(workspace(), master)
    for circle in Circle.objects.values_list("pk", flat=True):
        with house.at_work(master, circle) as by:
            tidy_up(by=by)
            settle_sharing(by=by)
            settle(by=by, workspace=house.place)
    with house.at_work(master):
        opened = _opened()
        keys = keystore.of_process().dossiers()
        tell(
            actors=[str(pk) for pk in opened],
            all_open=len(opened) == Actor.objects.count(),
            without_key=len(opened - keys),
            orphans=len(keys - opened),
            unfinished=Erasure.objects.count(),
            lines=verify(),
            people={name: _how_is(house, name, opened) for name in INVITED},
            ways_of_nobody=_ways_of_nobody(house),
            lent=[str(pk) for pk in _opened(house.place.unlock(words_of(OTHER), handle=OTHER))],
            lent_for_longer=_lent_for_longer(house),
            **_shared_by_halves(),
        )


def _opened(master: Master | None = None) -> set[UUID]:
    with using(open_keyring(master) if master else current()):
        return {actor.pk for actor in Actor.objects.all() if _about(actor) in {"uno", "más"}}


def _about(actor: Actor) -> str:
    with suppress(WorkspaceLocked):
        return str(actor.about)
    return ""


def _how_is(house: House, name: str, everything: set[UUID]) -> str:
    """Say whether somebody reads everything, can still join, or neither."""
    with suppress(WrongPassphrase):
        return "reads" if _opened(house.place.unlock(words_of(name), handle=name)) == everything else "reads in part"
    with suppress(TejidoError):
        account = house.place.open_invitation(INVITED[name]).account
        return "invited" if Member.objects.filter(account=account, status="invited").exists() else "nowhere to go"
    return "out"


def _ways_of_nobody(house: House) -> int:
    ways = house.place.accounts(file_key=FILE_KEY.get())
    belong = Member.objects.filter(status__in=("active", "invited")).values_list("account", flat=True)
    return len(set(ways) ^ set(belong))


def _shared_by_halves() -> dict[str, int]:
    """Return how many keys lie with another circle of which no grant tells, and the other way round."""
    own = dict(Actor.objects.values_list("pk", "circle_id"))
    rows = {(row.dossier, row.circle) for row in keystore.of_process().every_row() if own[row.dossier] != row.circle}
    told = set(Grant.objects.filter(status="stands").values_list("shared", "to_circle"))
    return {"lent_without_a_record": len(rows - told), "said_to_be_lent": len(told - rows)}


def _lent_for_longer(house: House) -> int:
    """Return how many keys open until a later day than the record of the sharing says."""
    said = {grant.shared: str(grant.said["until"]) for grant in Grant.objects.filter(status="stands")}
    keyring = open_keyring(house.place.unlock(words_of(OTHER), handle=OTHER))
    longer = 0
    for row in filter(is_granted, keystore.of_process().every_row()):
        told = open_from_inbox(row.wrapped[1:], purpose=f"dossier/{row.dossier.hex}", keyring=keyring)
        until = date.fromordinal(int.from_bytes(told[KEY:], "big"))
        longer += until.isoformat() > said.get(row.dossier, "")
    return longer


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


WORK: dict[str, Callable[[Master, Tell], Any]] = {
    "write": write, "erase": erase, "rotate": rotate, "come": come, "go": go, "share": share, "look": look,
}  # fmt: skip
