"""``tejido circle rules``: what a circle asks of everybody in it."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime
from typing import Final

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

_NOBODY: Final = "no"
_NO_DAY: Final = N_("Give the first day, as in 2026-12-31, or the word no. Nothing was changed.")


@needs("own")
def rules(options: argparse.Namespace, telling: Telling) -> None:
    """Show what the circle asks of everybody; where anything is given, decide it anew, as a coordinator."""
    workspace = prepare(options.dir)
    prompt = telling.words.gettext("Passphrase:")
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=prompt)
    with opened(workspace, phrase) as (_master, by):
        from tejido.circles.rules import Rules, rules_of, set_rules, still_without

        now = rules_of(by.circle_id)
        day = _day(options.second_factor) if options.second_factor else now.second_from
        alone = options.copies == "one" if options.copies else now.copies_alone
        if options.second_factor or options.copies:
            now = set_rules(by=by, rules=Rules(day, alone), today=datetime.now(UTC).date())
        without = len(still_without(by.circle_id))
    first = now.second_from.isoformat() if now.second_from else None
    telling.document({"second_factor": first, "without": without, "copies": "one" if now.copies_alone else "two"})
    words = telling.words
    if first:
        said = words.gettext("From {day} on, whoever comes in by a page needs a second factor. Without one: {count}.")
        telling.say(said.format(day=first, count=without))
    else:
        telling.say(words.gettext("Nobody is asked for a second factor."))
    if now.copies_alone:
        telling.say(words.gettext("One person alone may let a copy of evidence out."))
    else:
        telling.say(words.gettext("A copy of evidence leaves when a second person has agreed."))


def _day(given: str) -> date | None:
    if given == _NOBODY:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadInput(_NO_DAY) from None
