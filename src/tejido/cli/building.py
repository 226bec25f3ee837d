"""``tejido read warning``: what is building up, for scripts and for people."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, cast
from uuid import UUID

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.words import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tejido.readings.warning import Coming, Warned

NOTHING = N_("Nothing with a date is recorded against anybody yet, so nothing can be said about what may come.")


@needs("read")
def warning(options: argparse.Namespace, telling: Telling) -> None:
    """Print what may come to each collective and territory, with its reasons and what was kept of earlier warnings."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase):
        from django.utils import timezone

        from tejido.readings.warning_kept import warning_reckoned
        from tejido.readings.warning_past import day_asked, warning_reckoned_then

        today = timezone.localdate()
        as_of = day_asked(options.as_of, today=today)
        with telling.progress(telling.words.gettext("Reckoning")) as progress:
            if as_of is None:
                found = warning_reckoned(today, progress)
            else:
                found = warning_reckoned_then(today, as_of, progress)
        if found is None:
            telling.document({"as_of": None, "said": telling.words.gettext(NOTHING)})
            telling.say(telling.words.gettext(NOTHING))
            return
        told = _told(found, telling)
    telling.document(told)
    for line in _lines(found, told, telling):
        telling.say(line)


def _told(found: Warned, telling: Telling) -> dict[str, object]:
    from tejido.readings.naming import called, places_called
    from tejido.readings.settings import chosen_settings
    from tejido.readings.warning_words import gate_sentence, kept_sentence

    people = called((UUID(one.id) for one in found.collectives if one.id), telling.words)
    places = places_called(UUID(one.id) for one in found.territories)
    names = {one: who.name for one, who in people.items()}
    gate = found.gate
    return {
        "as_of": found.as_of.isoformat(),
        "days": found.days,
        "incidents": found.incidents,
        "settings": {"own": chosen_settings().are_own, "chosen": chosen_settings().told()},
        "left_out": {"undated": found.undated, "still_to_come": found.coming, "against_nobody": found.unnamed},
        "expected": round(found.expected, 3),
        "low": found.low,
        "high": found.high,
        "gate": {
            "open": gate.open,
            "p": round(gate.p, 4),
            "days": gate.days,
            "incidents": gate.strikes,
            "learned": list(gate.learned),
            "said": gate_sentence(gate, telling.words),
        },
        "collectives": [
            {"actor": one.id or None, "name": names.get(one.id, ""), **_row(one, found, telling)}
            for one in found.collectives
            if not one.id or one.id in names
        ],
        "territories": [
            {"territory": one.id, "name": places[one.id], **_row(one, found, telling)}
            for one in found.territories
            if one.id in places
        ],
        "calibration": [
            {
                "said": round(one.said, 4),
                "came": round(one.came, 4),
                "times": one.many,
                "low": round(one.low, 4),
                "high": round(one.high, 4),
                "sentence": kept_sentence(one, telling.words),
            }
            for one in found.calibration
        ],
    }


def _row(one: Coming, found: Warned, telling: Telling) -> Mapping[str, object]:
    from tejido.readings.warning_words import basis, coming_sentence, lately_sentence, part_words

    words = telling.words
    return {
        "expected": round(one.expected, 3),
        "low": one.low,
        "high": one.high,
        "chance": round(one.chance, 3),
        "said": " ".join(filter(None, (coming_sentence(one, found.days, words), lately_sentence(one, words)))),
        "why": [
            {
                "part": name,
                "expected": round(part, 4),
                "basis": basis(name, found.gate),
                "said": part_words(name, words, telling.lang),
            }
            for name, part in one.parts
        ],
        "past": [
            {
                "from": past.begin.isoformat(),
                "expected": round(past.expected, 3),
                "low": past.low,
                "high": past.high,
                "seen": past.seen,
            }
            for past in one.past
        ],
    }


def _lines(found: Warned, told: Mapping[str, object], telling: Telling) -> list[str]:
    from tejido.readings.warning_words import gate_sentence, kept_sentence

    words = telling.words
    lines = [words.gettext("As of {day}, for the {n} days after it.").format(day=found.as_of, n=found.days)]
    lines.append(gate_sentence(found.gate, words))
    for kind in ("collectives", "territories"):
        for row in cast("list[dict[str, object]]", told[kind]):
            lines.append(f"{row['name'] or words.gettext('people of no known group')}: {row['said']}")
    return lines + [kept_sentence(one, words) for one in found.calibration]
