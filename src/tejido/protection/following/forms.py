"""What is asked when a group follows up: one sheet for each thing it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields as fields_of
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tejido.circles.models import CircleRecord
from tejido.domain.plan_requests import questions_of
from tejido.protection.coming import ComingField
from tejido.protection.following.given import (
    CallGiven,
    CareGiven,
    CommitmentGiven,
    DrillGiven,
    Given,
    PlaceGiven,
    PracticeGiven,
    RequestGiven,
    ReviewGiven,
    SignGiven,
)
from tejido.protection.forms import Choice, line, text
from tejido.protection.once import NewSheet
from tejido.web.forms import CodeField, Sheet, WhenField

#: Links that lead to somebody.
_SOMEBODY = frozenset(["promised_by", "actor", "person"])


class FollowSheet(Sheet):
    """A sheet of one thing that a group keeps; ``OF`` is what it tells, ``choices`` what its links may be.

    The revision is carried when something known is changed.
    """

    OF: ClassVar[type[Given]]
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, choices: dict[str, Sequence[Choice]] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.OF.LINKS & self.fields.keys():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            empty = gettext("nobody in particular") if name in _SOMEBODY else gettext("none in particular")
            field.choices = [("", empty), *(choices or {}).get(name, ())]

    def told(self, **more: Any) -> Given:
        """Return what was told; what is not asked keeps its beginning, or is given as ``more``."""
        known = {one.name for one in fields_of(self.OF)}
        said = {name: value for name, value in self.cleaned_data.items() if name in known}
        for name in self.OF.LINKS & said.keys():
            said[name] = UUID(said[name]) if said[name] else None
        return self.OF(**(said | more))

    @classmethod
    def initial_of(cls, record: CircleRecord) -> dict[str, object]:
        """Return what the sheet shows of a record."""
        shown: dict[str, object] = {"revision": record.revision}
        for name in cls.base_fields:
            if name in cls.OF.LINKS:
                shown[name] = str(getattr(record, f"{name}_id") or "")
            elif name != "revision" and hasattr(record, name):
                shown[name] = getattr(record, name)
        return shown


def _link(label: Any, hint: Any = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=hint, required=False)


def _coming(label: Any, hint: Any = "") -> ComingField:
    return ComingField(label=label, help_text=hint, required=False)


class CommitmentForm(FollowSheet):
    """A promise, and what became of it."""

    OF = CommitmentGiven
    words = text(label=_("What was promised?"), required=True, rows=2)
    kind = CodeField("commitment_kinds", label=_("What is it?"), ask=False)
    promised_by_words = line(label=_("Who promised it?"), hint=_("An authority, an office, a company, an ally."))
    promised_by = _link(_("Or somebody of the fabric"))
    promised_on = WhenField(label=_("When was it promised?"), required=False)
    due_on = _coming(_("For when?"), _("The day that was named, even a rough one."))
    measure = _link(_("For which measure of the plan?"))
    evidence = text(label=_("How do we know it was promised?"), hint=_("A paper, a meeting, who heard it."), rows=2)
    reminded_by = line(label=_("Who of us asks about it?"), hint=_("A task or a committee, and who stands in."))
    status = CodeField("commitment_statuses", label=_("How does it stand?"), ask=False)
    kept_on = WhenField(label=_("If it was kept: when?"), required=False)
    outcome = text(label=_("What did we see?"), hint=_("What was done, what not, who came."), rows=2)


class CallForm(FollowSheet):
    """A call of the network, and its last test."""

    OF = CallGiven
    position = forms.IntegerField(label=_("In which place?"), min_value=1, max_value=999, initial=1)
    name = line(label=_("Whom do we call?"), hint=_("A task or an office is enough."), required=True)
    actor = _link(_("Or somebody of the fabric"))
    channel = CodeField("reach_channels", label=_("How?"), ask=False)
    how = line(label=_("Number, frequency, place or sign"))
    for_what = text(label=_("For what, and what do we say?"), rows=2)
    stand_in = line(label=_("Whom, if nobody answers?"))
    tested_on = WhenField(label=_("When did we last try it?"), required=False)
    answered = CodeField("reach_answers", label=_("What came of it?"), required=False)
    rhythm = CodeField("review_rhythms", label=_("How often do we try it?"), required=False)


class DrillForm(FollowSheet):
    """Something the group tried out."""

    OF = DrillGiven
    tried = text(label=_("What did we try out?"), required=True, rows=2)
    held_on = WhenField(label=_("When?"), required=False)
    held = text(label=_("What held?"), rows=2)
    failed = text(label=_("What did not hold?"), rows=2)
    next_on = _coming(_("When do we try again?"), _("Left empty: in the rhythm below, if there is one."))
    rhythm = CodeField("review_rhythms", label=_("How often do we try it?"), required=False)


class PlaceForm(FollowSheet):
    """A place or a good of all."""

    OF = PlaceGiven
    name = line(label=_("What is it?"), required=True)
    kind = CodeField("safe_place_kinds", label=_("What is it to us?"), ask=False)
    place = line(label=_("Roughly where?"), hint=_("Only as exactly as all may know; never how to get to a refuge."))
    carer = line(label=_("Who cares for it?"))
    stand_in = line(label=_("And who, if they cannot?"))
    readiness = CodeField("readiness", label=_("Is it ready?"), ask=False, initial="not_ready")
    missing = text(label=_("What is missing?"), rows=2)
    when_attacked = text(label=_("What do we do when it is attacked?"), rows=3)


class CareForm(FollowSheet):
    """How people care for each other."""

    OF = CareGiven
    words = text(label=_("What do we do, or want to do?"), required=True, rows=2)
    kind = CodeField("care_kinds", label=_("What is it about?"), ask=False)
    who = line(label=_("Who sees to it?"), hint=_("Look whether it falls on the same women again."))
    stand_in = line(label=_("And who, if they cannot?"))
    rhythm = line(label=_("How often?"))
    next_on = _coming(_("When next?"))


class PracticeForm(FollowSheet):
    """What was learned, and how far it may be told."""

    OF = PracticeGiven
    title = line(label=_("What do we call it?"), required=True)
    outcome = CodeField("practice_outcomes", label=_("How did it turn out?"), ask=False)
    did = text(label=_("What did we do?"), rows=3)
    helped = text(label=_("What made it work, or fail?"), rows=3)
    careful = text(label=_("What should others be careful about?"), rows=2)
    measure = _link(_("From which measure?"))
    audience = CodeField("audiences", label=_("How far may it be told?"), ask=False, initial="internal")


class RequestForm(FollowSheet):
    """A request for one person; its questions come with its kind."""

    OF = RequestGiven
    collective = _link(_("From within which group?"))
    outside_because = text(label=_("Or why it has to stand outside any group"), rows=2)
    person = _link(_("For whom?"), _("Nobody has to be named."))
    whom = line(label=_("Or in words"), hint=_("Such as “a coordinator of the women's group”."))
    to_whom = line(label=_("Who is asked?"))
    status = CodeField("request_statuses", label=_("How does it stand?"), ask=False)
    asked_on = WhenField(label=_("When was it asked?"), required=False)
    answer_by = _coming(_("By when should an answer come?"))
    answered = text(label=_("What was answered?"), rows=2)
    return_on = _coming(_("When is the return, or the end?"))
    measure = _link(_("Which measure of the plan does it carry out?"))

    def __init__(self, *args: Any, kind: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind = kind
        last = {name: self.fields.pop(name) for name in ("to_whom", "status", "asked_on", "answer_by", "answered")}
        last |= {name: self.fields.pop(name) for name in ("return_on", "measure")}
        for one in questions_of(kind):
            widget = forms.Textarea(attrs={"rows": 2}) if one.long else forms.TextInput()
            self.fields[f"answer_{one.code}"] = forms.CharField(
                label=gettext(one.words), required=False, max_length=20_000, widget=widget
            )
        self.fields.update(last)

    def told(self, **more: Any) -> Given:
        """Return what was told, with the answers by the codes of their questions."""
        answers = {one.code: self.cleaned_data[f"answer_{one.code}"] for one in questions_of(self.kind)}
        return super().told(kind=self.kind, answers=answers, **more)

    @classmethod
    def initial_of(cls, record: CircleRecord) -> dict[str, object]:
        """Return what the sheet shows of a request."""
        answers: dict[str, str] = getattr(record, "answers", {})
        return super().initial_of(record) | {f"answer_{code}": words for code, words in answers.items()}


class HeldForm(FollowSheet, NewSheet):
    """A review: first what held."""

    OF = ReviewGiven
    kind = CodeField("review_kinds", label=_("Why do we look at it now?"), ask=False)
    incident = _link(_("After which incident?"))
    held_on = WhenField(label=_("When did we meet?"))
    present = line(label=_("How many took part?"), hint=_("Numbers are enough; no names."))
    held = text(label=_("What held?"), hint=_("Who helped whom, what was there when it was needed."), rows=3)
    failed = text(label=_("What did not hold?"), hint=_("Without blame: what was missing, and for whom?"), rows=3)
    harmed = text(label=_("Did any measure do harm? To whom?"), rows=2)
    to_change = text(label=_("What do we change?"), rows=3)
    next_on = _coming(_("When do we look again?"), _("Left empty: by the rhythm of the plan."))


class SignForm(FollowSheet, NewSheet):
    """What was seen of a measure's sign."""

    OF = SignGiven
    direction = CodeField("sign_directions", label=_("What do we see?"), widget=forms.RadioSelect)
    words = text(label=_("In which words would you tell it to somebody from outside?"), required=True, rows=2)
    seen_on = WhenField(label=_("When?"), help_text=_("Left empty: today."), required=False)


def choices_of(pairs: Iterable[tuple[UUID, str]]) -> list[Choice]:
    """Return what can be chosen, as forms take it."""
    return [(str(pk), words) for pk, words in pairs]
