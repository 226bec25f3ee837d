"""The places of a step as forms: one for each part, so that each is kept by itself.

Every form carries the revision of the part it showed and a print of what that said.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tejido.domain.assessment import ASPECT_WORDS, ASPECTS, STEPS, LevelWithoutWords, dots, level_of
from tejido.domain.assessment_priorities import MOST_VOTES
from tejido.domain.modules import ModulePrompt
from tejido.protection.sessions.bodies import MAIN, PICTURE
from tejido.protection.sessions.forms import area, line
from tejido.protection.sessions.given import Body, PartTold, print_of, tidy
from tejido.protection.sessions.models import AssessedThreat, AssessmentPart
from tejido.vocabularies import Term, vocabulary
from tejido.web.forms import CodeField, Sheet
from tejido.web.wording import page_language

_CARRIED: Final = ("revision", "seen")


class PlaceForm(Sheet):
    """One place among others on a page, kept by itself; ``title`` and ``lead`` stand above it.

    ``meanwhile`` is what somebody else wrote there, ``aside`` names the fields that are folded away.
    """

    title = ""
    lead = ""
    aside: tuple[str, ...] = ()
    meanwhile: tuple[tuple[str, str], ...] = ()
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that are shown."""
        return [field for field in self if not field.is_hidden and field.name not in self.aside]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields that are shown when they are asked for."""
        return [self[name] for name in self.aside]

    @property
    def carried(self) -> list[forms.BoundField]:
        """The fields that are not shown."""
        return self.hidden_fields()

    def carry_on(self, revision: int, seen: str) -> None:
        """Let the form be sent again over what stands now, which its reader was shown."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("revision")] = str(revision)
        data[self.add_prefix("seen")] = seen
        self.data = data


class PartForm(PlaceForm):
    """One place of a step."""

    step = ""

    def __init__(
        self,
        data: QueryDict | None,
        part: AssessmentPart | None,
        *,
        about: str = MAIN,
        threat: UUID | None = None,
        title: str = "",
        lead: str = "",
    ) -> None:
        self.about, self.threat, self.title, self.lead, self.part = about, threat, title, lead, part
        prefix = f"{self.step}-{about}" + (f"-{threat.hex}" if threat is not None else "")
        # A place that was not on the page that was sent (a threat named meanwhile) has nothing to say.
        sent = data if data is not None and f"{prefix}-seen" in data else None
        body = part.body if part is not None else {}
        initial = {**body, "revision": part.revision if part is not None else 0, "seen": print_of(body)}
        super().__init__(sent, prefix=prefix, initial=initial)

    def body(self) -> Body:
        """Return what was said here; what the form does not ask any more stays as it was."""
        before = self.part.body if self.part is not None else {}
        kept = {name: value for name, value in before.items() if name not in self.fields}
        return tidy(kept | {name: value for name, value in self.cleaned_data.items() if name not in _CARRIED})

    def told(self) -> PartTold:
        """Return what was said here, with what was seen before."""
        said = self.cleaned_data
        return PartTold(self.about, self.body(), said["revision"] or 0, said["seen"], self.threat)

    def carry(self, stands: AssessmentPart) -> None:
        """Let the form be sent again over the part as it stands now."""
        self.carry_on(stands.revision, print_of(stands.body))


def large(label: str) -> str:
    """Return a label to stand by itself."""
    return label[:1].upper() + label[1:]


def step_field(label: str, *, wide: bool = True) -> forms.TypedChoiceField:
    """Return a choice of one of the five steps, or none, as dots."""
    choices = [("", gettext("no dots")), *((str(one), f"{one} {dots(one)}") for one in STEPS)]
    widget = forms.RadioSelect if wide else forms.Select
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=int, empty_value=None, required=False, widget=widget
    )


class WorkForm(PartForm):
    """What the group defends."""

    step = "work"
    defends = area(label=_("What do we defend, and what do we do for it?"), rows=3)
    values = area(label=_("What would we not give up, whatever happens?"))
    cares = area(label=_("What do we already do to look after each other?"), rows=3)


class ComponentForm(PartForm):
    """One part of the group's life, read twice, and what it can change."""

    step = "components"
    exposes = area(label=_("What exposes us"))
    protects = area(label=_("What protects us"))
    change = area(label=_("What we can change"), hint=_("One thing on each line."))

    def __init__(self, data: QueryDict | None, part: AssessmentPart | None, term: Term) -> None:
        lang = page_language()
        super().__init__(data, part, about=term.code, title=term.label(lang), lead=term.definition(lang))
        for name in ("exposes", "protects"):
            self.fields[name].help_text = term.text(name, lang)


class PictureForm(PartForm):
    """How the group sees one threat: three looks, each with its words, its dots beside, and who saw it otherwise."""

    step = "pictures"

    def __init__(self, data: QueryDict | None, part: AssessmentPart | None, threat: AssessedThreat) -> None:
        super().__init__(data, part, about=PICTURE, threat=threat.pk, title=threat.words)
        asks = {
            "threat": gettext("How strong does it look to us?"),
            "vulnerability": gettext("What of ours lays us open to it?"),
            "capacity": gettext("What do we already have against it?"),
        }
        for aspect in ASPECTS:
            label = gettext(ASPECT_WORDS[aspect])
            self.fields[f"{aspect}_words"] = area(label=label, hint=asks[aspect])
            self.fields[f"{aspect}_step"] = step_field(gettext("%(look)s: dots") % {"look": label})
            saw = gettext("%(look)s: who saw it otherwise, and how?") % {"look": label}
            self.fields[f"{aspect}_disagreed"] = line(label=saw)
        if threat.earlier_id is not None:
            self.fields["why_changed"] = area(label=gettext("What made the difference since last time?"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for aspect in ASPECTS:
            try:
                level_of(said.get(f"{aspect}_step"), said.get(f"{aspect}_words") or "")
            except LevelWithoutWords as error:
                self.refuse(error, f"{aspect}_words")
        return said


class AbsentForm(PartForm):
    """Whose risk was not talked about: the answer stays the group's, and may be left for another day."""

    step = "unspoken"
    answer = area(label=_("What we want to keep of it"))
    not_today = forms.BooleanField(label=_("Not today"), required=False)

    def __init__(self, data: QueryDict | None, part: AssessmentPart | None, term: Term) -> None:
        lang = page_language()
        super().__init__(data, part, about=term.code, title=term.label(lang), lead=term.text("question", lang))


class PromptsForm(PartForm):
    """What a module asks at a step."""

    def __init__(
        self,
        data: QueryDict | None,
        part: AssessmentPart | None,
        *,
        step: str,
        about: str,
        title: str,
        prompts: tuple[ModulePrompt, ...],
    ) -> None:
        self.step = step
        super().__init__(data, part, about=about, title=title)
        for prompt in prompts:
            self.fields[prompt.key] = area(label=prompt.question(page_language()))


class PrioritiesForm(PartForm):
    """What comes first, by the group's own vote or by consensus."""

    step = "priorities"
    choosing = CodeField(
        "assessment_choices", label=_("How did you choose?"), widget=forms.RadioSelect, required=False
    )

    def __init__(self, data: QueryDict | None, part: AssessmentPart | None, threats: list[AssessedThreat]) -> None:
        super().__init__(data, part)
        for at, threat in enumerate(threats):
            hint = gettext("By vote: how many votes. By consensus: its place, 1 is the first.") if not at else ""
            self.fields[f"given_{threat.pk.hex}"] = forms.IntegerField(
                label=threat.words, help_text=hint, min_value=0, max_value=MOST_VOTES, required=False
            )
        self.fields["why"] = area(label=gettext("Why this order?"))
        self.fields["disagreed"] = area(label=gettext("Who saw it otherwise, and how?"))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if any(said.get(name) for name in said if name.startswith("given_")) and not said.get("choosing"):
            self.add_error("choosing", gettext("Say whether these are votes or places. What you typed was kept."))
        return said


class WheelForm(PartForm):
    """Eight spokes with the group's own labels, and what it sees in them."""

    step = "wheel"

    def __init__(self, data: QueryDict | None, part: AssessmentPart | None) -> None:
        super().__init__(data, part)
        for term in vocabulary("assessment_spokes"):
            label = large(term.label(page_language()))
            self.fields[f"step_{term.code}"] = step_field(label, wide=False)
            self.fields[f"step_{term.code}"].help_text = term.definition(page_language())
            own = gettext("Our own name for it, instead of “%(spoke)s”") % {"spoke": label}
            self.fields[f"label_{term.code}"] = line(label=own)
        self.aside = tuple(name for name in self.fields if name.startswith("label_"))
        self.fields["words"] = area(label=gettext("What do we see in this picture?"), rows=3)

    def clean(self) -> dict[str, Any]:
        return _with_words(self, super().clean() or {})


class FabricForm(PartForm):
    """Nine threads, and what the group sees in them."""

    step = "fabric"

    def __init__(self, data: QueryDict | None, part: AssessmentPart | None) -> None:
        super().__init__(data, part)
        for term in vocabulary("assessment_threads"):
            self.fields[f"step_{term.code}"] = step_field(large(term.label(page_language())), wide=False)
            self.fields[f"step_{term.code}"].help_text = term.definition(page_language())
        self.fields["words"] = area(label=gettext("What do we see in this picture?"), rows=3)

    def clean(self) -> dict[str, Any]:
        return _with_words(self, super().clean() or {})


def _with_words(form: Sheet, said: dict[str, Any]) -> dict[str, Any]:
    """Ask for the words behind a picture made of dots alone."""
    if any(said.get(name) for name in said if name.startswith("step_")) and not (said.get("words") or "").strip():
        form.refuse(LevelWithoutWords(), "words")
    return said
