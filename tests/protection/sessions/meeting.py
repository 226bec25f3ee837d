"""A short way to meet, and to type what a meeting said into its pages."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from tejido.fabric.models import Actor
from tejido.protection.sessions.actions import look_at_threat, open_assessment
from tejido.protection.sessions.given import AssessedGiven, AssessmentGiven
from tejido.protection.sessions.models import AssessedThreat, Assessment


def session_of(by: Any, group: Actor, **more: Any) -> Assessment:
    return open_assessment(by=by, collective=group.pk, given=AssessmentGiven(**more))


def threat_of(by: Any, session: Assessment, words: str = "Nos siguen en moto", **more: Any) -> AssessedThreat:
    return look_at_threat(by=by, assessment=session.pk, given=AssessedGiven(words, **more))


def step_address(session: Assessment, step: str) -> str:
    return reverse("protection:session_step", args=[session.pk, step])


def shown_in(page: Any) -> dict[str, str]:
    """Return what a page would send if nobody typed anything, as a browser has it."""
    return fields_of(page.content.decode())


def fields_of(html: str) -> dict[str, str]:
    found: dict[str, str] = {}
    main = html[html.index("<main") :]
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name is None or (kind is not None and kind[1] in ("radio", "checkbox") and "checked" not in tag):
            continue
        found[name[1]] = value[1] if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', main, re.DOTALL):
        found[name] = text
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    found.pop("csrfmiddlewaretoken", None)
    return found


def type_into(browser: Client, session: Assessment, step: str, **typed: str) -> Any:
    """Open a step, type and keep it, as one person does; names of fields with ``__`` for ``-``."""
    door = step_address(session, step)
    told = shown_in(browser.get(door)) | {name.replace("__", "-"): value for name, value in typed.items()}
    return browser.post(door, told)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())
