"""What is typed in from the papers of a meeting besides the places of its steps: who was there, threats, who gains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tejido.domain.assessment_presence import read_present
from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.fabric.making import paragraphs
from tejido.protection.coming import ComingField
from tejido.protection.given import lines_of
from tejido.protection.sessions.forms import HeadForm, area, line
from tejido.protection.sessions.given import AssessedGiven, AssessmentGiven, print_of
from tejido.protection.sessions.models import AssessedThreat, Assessment
from tejido.protection.sessions.step_forms import PlaceForm
from tejido.web.forms import Sheet

_CARRIED: Final = ("revision", "seen", "counts")
FIVE: Final = ("facts", "pattern", "objective", "source", "conclusion")
#: Whoever stands on the paper without more words, by the side on which they stand there.
_SIDES: Final = {"against": "opponent", "undecided": "undecided", "favour": "ally_quiet"}


class RecordForm(PlaceForm):
    """One place that changes a record, if somebody typed there.

    ``sent`` says whether the place was on the page that was sent; what nobody touched is left as it stands.
    """

    def __init__(self, data: QueryDict | None, prefix: str, initial: Mapping[str, object], revision: int) -> None:
        seen = _print(initial)
        self.sent = data is not None and f"{prefix}-seen" in data
        carried = {"revision": revision, "seen": seen}
        super().__init__(data if self.sent else None, prefix=prefix, initial={**initial, **carried})
        self.shown, self.revision_now, self.stands = initial, revision, seen

    @property
    def touched(self) -> bool:
        """Whether what was sent says something else than what its reader was shown."""
        return self.sent and self.print_of_said != self.cleaned_data["seen"]

    @property
    def print_of_said(self) -> str:
        """The print of what was typed."""
        return _print({name: value for name, value in self.cleaned_data.items() if name not in _CARRIED})


def _print(values: Mapping[str, object]) -> str:
    return print_of({name: _plain(value) for name, value in values.items()})


def _plain(value: object) -> str:
    if isinstance(value, ImpreciseDate):
        return value.encode()
    return paragraphs(str(value)) if value is not None else ""


class WhoForm(RecordForm):
    """Who was there, when and where, as it stands on the first paper."""

    held_on = ComingField(label=_("When do you meet?"), required=False)
    place = line(label=_("Where?"), hint=_("As roughly as is safe."))
    language = line(label=_("In which language do you talk?"))
    facilitator = line(label=_("Who guides the talk?"), hint=_("A task is enough; a name only if it must be."))
    all_present = forms.IntegerField(label=_("How many people take part in all?"), min_value=0, required=False)
    present = area(
        label=_("And of which groups, as people call themselves?"),
        hint=_("One on each line, such as “23 women”. Somebody may belong to several: nothing is added up."),
        rows=3,
    )

    def __init__(self, data: QueryDict | None, session: Assessment) -> None:
        super().__init__(data, "who", self.initial_of(session), session.revision)

    @classmethod
    def initial_of(cls, session: Assessment) -> dict[str, object]:
        """Return what the form shows of a session."""
        shown = HeadForm.initial_of(session)
        return {name: shown[name] for name in cls.base_fields if name not in _CARRIED}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        try:
            said["counts"] = read_present(said.get("present", "").splitlines(), of=said.get("all_present"))
        except BadInput as error:
            self.refuse(error, "present")
        return said

    def told(self, session: Assessment) -> AssessmentGiven:
        """Return the head of the session as it is now told; what the papers do not ask stays as it was."""
        said = self.cleaned_data
        texts = {name: said[name] for name in ("place", "language", "facilitator")}
        return AssessmentGiven(
            title=session.title,
            agenda=session.agenda,
            modules=tuple(session.modules),
            joint=session.joint_id,
            held_on=said["held_on"],
            all_present=said["all_present"],
            present=said["counts"],
            **texts,
        )


class FiveForm(RecordForm):
    """The five steps of a threat that is named already."""

    facts = area(label=_("1 Facts"))
    pattern = area(label=_("2 Pattern"))
    objective = area(label=_("3 What do they want?"))
    source = area(label=_("4 From whom?"))
    conclusion = area(label=_("5 Could they do it?"))

    def __init__(self, data: QueryDict | None, threat: AssessedThreat) -> None:
        self.threat, self.title = threat, threat.words
        super().__init__(data, f"five-{threat.pk.hex}", self.initial_of(threat), threat.revision)

    @staticmethod
    def initial_of(threat: AssessedThreat) -> dict[str, object]:
        """Return what the form shows of a threat."""
        return {name: getattr(threat, name) for name in FIVE}

    def told(self) -> AssessedGiven:
        """Return the threat as it is now told; what the papers do not ask stays as it was."""
        one = self.threat
        return AssessedGiven(
            one.words,
            one.kind,
            one.means,
            **{name: self.cleaned_data[name] for name in FIVE},
            incidents=tuple(row.incident_id for row in one.shown_in.all()),
            earlier=one.earlier_id,
        )


class LinesForm(Sheet):
    """Threats as they stand on the cards, one on each line."""

    threats = area(label=_("What threatens you? One on each line, as on the cards"), rows=3)

    def threats_told(self) -> list[AssessedGiven]:
        """Return the threats, each once."""
        return [AssessedGiven(told) for told in lines_of(self.cleaned_data["threats"])]


class SidesForm(Sheet):
    """Who gains and who loses, as they stand on the three columns of the poster, one on each line."""

    against = area(label=_("against"), hint=_("One on each line."))
    undecided = area(label=_("undecided"))
    favour = area(label=_("in favour"))

    def rows_told(self) -> list[tuple[str, str]]:
        """Return who was written down and their stance (``assessment_stances``)."""
        return [(name, stance) for side, stance in _SIDES.items() for name in lines_of(self.cleaned_data[side])]
