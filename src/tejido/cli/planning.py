"""``tejido plan``: a group's plan, what it lacks, and what it agreed on, as the pages show them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.words import N_, Words

if TYPE_CHECKING:
    from tejido.fabric.models import Actor
    from tejido.protection.models import Plan
    from tejido.protection.pages import PlanPage

_NO_GROUP = N_("No group has this id or exactly this name. List the actors to find it.")
_MANY = N_("{many} groups have this name. Give the id instead; the list of actors prints it.")
_THERE = N_("There is a file of that name already. Nothing was changed; choose another name.")
_ELSEWHERE = N_("Paper comes with “plan show --pdf”, a calendar with “plan calendar --ics”. Nothing was written.")
_NO_PLAN = N_("This group has no plan yet. Start one on its page, with what it already does to look after itself.")


def add_plan(command: Callable[[str, str], argparse.ArgumentParser], words: Words) -> None:
    """Add the command to the parser."""
    _ = words.gettext
    plan = command("plan", _("Show a group's plan, what it lacks, or the days it agreed on."))
    plan.add_argument("plan", choices=["show", "gaps", "calendar"], metavar="show|gaps|calendar")
    plan.add_argument("collective", metavar="COLLECTIVE", help=_("the group's id or its exact name"))
    plan.add_argument("--pdf", type=Path, metavar="F.pdf", help=_("with show: write the plan on paper to this file"))
    plan.add_argument("--no-names", action="store_true", help=_("with --pdf: leave out the names of persons"))
    plan.add_argument("--ics", type=Path, metavar="F.ics", help=_("with calendar: write neutral entries to this file"))


@needs("read")
def show(options: argparse.Namespace, telling: Telling) -> None:
    """Print a group's newest open plan: threats, measures, decisions; or write it on paper."""
    with _at_work(options, telling) as (group, today):
        from tejido.protection.in_words import document_of, lines_of

        plan, page = _plan(group, today)
        if options.pdf is not None:
            from tejido.protection.printing import plan_pdf_bytes

            _keep(options.pdf, plan_pdf_bytes(plan, page, names=not options.no_names, today=today))
            telling.say(telling.words.gettext("The plan is in {file}, in clear.").format(file=options.pdf))
        else:
            for line in lines_of(page):
                telling.say(line)
        telling.document(document_of(plan, page))


@needs("read")
def gaps(options: argparse.Namespace, telling: Telling) -> None:
    """Print what a group's plan lacks, each with its reason and a way out."""
    with _at_work(options, telling) as (group, today):
        from tejido.protection.in_words import gap_document, gap_lines

        _found, page = _plan(group, today)
        if telling.as_json:
            telling.document([gap_document(gap) for gap in page.gaps])
        for gap in page.gaps:
            for line in gap_lines(gap):
                telling.say(line)


@needs("read")
def calendar(options: argparse.Namespace, telling: Telling) -> None:
    """Print the days a group agreed on, or write them as a calendar in neutral words."""
    with _at_work(options, telling) as (group, today):
        from tejido.protection.following.calendar import agreed_days, calendar_bytes

        if options.ics is not None:
            _keep(options.ics, calendar_bytes(group.pk, today=today))
            told = telling.words.gettext("The calendar is in {file}; it does not say what was agreed on.")
            telling.say(told.format(file=options.ics))
            telling.document({"file": str(options.ics)})
            return
        rows: list[dict[str, object]] = [
            {"day": one.day.isoformat(), "what": one.what, "words": one.words, "every_months": one.months}
            for one in agreed_days(group.pk, today)
        ]
        telling.rows(rows, lambda row: f"{row['day']}  {row['what']}  {row['words']}")


def _keep(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; ``BadInput`` when there is one of that name."""
    from tejido.vault.files import new_private

    try:
        with new_private(path) as file:
            file.write(content)
    except FileExistsError:
        raise BadInput(_THERE) from None


@contextmanager
def _at_work(options: argparse.Namespace, telling: Telling) -> Iterator[tuple[Actor, date]]:
    if (options.pdf and options.plan != "show") or (options.ics and options.plan != "calendar"):
        raise BadInput(_ELSEWHERE)
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase):
        from django.utils import timezone, translation

        with translation.override(telling.lang):
            yield _group(options.collective), timezone.localdate()


def _group(asked: str) -> Actor:
    """Return the group with this id or exactly this name."""
    from uuid import UUID

    from tejido.domain.names import usual_form
    from tejido.fabric.kinds import COLLECTIVES
    from tejido.fabric.models import Actor
    from tejido.vault.keyring import circle_at_work

    groups = Actor.objects.filter(circle_id=circle_at_work(), kind__in=sorted(COLLECTIVES))
    try:
        found = list(groups.filter(pk=UUID(asked)))
    except ValueError:
        wanted = usual_form(asked)
        found = [
            one for one in groups.iterator() if any(usual_form(str(name["text"])) == wanted for name in one.names)
        ]
    if not found:
        raise NotFound(_NO_GROUP)
    if len(found) > 1:
        raise BadInput(_MANY, many=len(found))
    return found[0]


def _plan(group: Actor, today: date) -> tuple[Plan, PlanPage]:
    from tejido.protection.queries import decisions_of, plans_of
    from tejido.protection.showing import plan_page

    plan = next(iter(plans_of([group.pk])), None)
    if plan is None:
        raise NotFound(_NO_PLAN)
    return plan, plan_page(plan, decisions_of([group.pk]), today)
