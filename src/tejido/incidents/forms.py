"""What is asked when an incident is recorded, corrected, linked or followed up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tejido.fabric.choice_fields import ActorsField, ChoiceField, TerritoryField
from tejido.fabric.choosing import ActorChoice, Known, New
from tejido.fabric.kinds import is_collective
from tejido.fabric.models import Actor
from tejido.web.forms import CodeField, Sheet, WhenField

LONGEST_TITLE = 300
LONGEST_TEXT = 20_000
#: Said only when the form is drawn, in the language of the page.
_CHOOSE = cast(str, _("Choose…"))
_ASK_ME = cast(str, _("ask me for each"))


class DegreesField(forms.CharField):
    """A latitude or longitude in degrees, with a point or a comma; cleans to a float or None."""

    def __init__(self, most: float, **options: Any) -> None:
        self.most = most
        widget = forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
        super().__init__(required=False, max_length=24, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).replace("−", "-").replace(",", ".").strip()
        if not text:
            return None
        try:
            degrees = float(text)
        except ValueError:
            raise forms.ValidationError(_("Write degrees as a number, such as -33.45.")) from None
        if not abs(degrees) <= self.most:
            message = _("Degrees lie between -%(most)s and %(most)s here.")
            raise forms.ValidationError(message, params={"most": int(self.most)})
        return degrees


def text_area(rows: int) -> forms.Textarea:
    """Return a text box of so many lines."""
    return forms.Textarea(attrs={"rows": rows})


class TypedSheet(Sheet):
    """A sheet that can be shown again as it was typed, without being judged."""

    @classmethod
    def as_typed(cls, data: QueryDict, **options: Any) -> TypedSheet:
        """Return the sheet showing what ``data`` holds, with no error said."""
        blank = cls(**options)
        typed: dict[str, Any] = {}
        for name, field in blank.fields.items():
            key = blank.add_prefix(name)
            if isinstance(field, ChoiceField):
                typed[name] = field.widget.value_from_datadict(data, None, key)
            elif key in data:
                typed[name] = data.get(key)
        return cls(initial=typed, **options)


class WhatSheet(TypedSheet):
    """What happened, when and where."""

    title = forms.CharField(
        label=_("In a few words"),
        help_text=_("As you would tell it to the assembly. Without names if you prefer."),
        max_length=LONGEST_TITLE,
        widget=text_area(2),
        error_messages={"required": _("Say in a few words what happened.")},
    )
    when = WhenField(label=_("When?"), help_text=_("A day, a month, “about…”, or “between… and…”."), max_length=120)
    place = forms.CharField(
        label=_("Where?"),
        help_text=_("Kept locked; others are shown the surroundings only."),
        required=False,
        max_length=LONGEST_TITLE,
    )
    territory = TerritoryField(
        label=_("In which territory?"), help_text=_("The name of a place that is known here."), required=False
    )
    place_kind = CodeField("place_kinds", label=_("What kind of place?"), required=False)
    precision = CodeField("place_precisions", label=_("How exactly is the place known?"), initial="unknown")
    latitude = DegreesField(90, label=_("Latitude"), help_text=_("Degrees, south with a minus: -33.45"))
    longitude = DegreesField(180, label=_("Longitude"), help_text=_("Degrees, west with a minus: -70.66"))
    summary = forms.CharField(
        label=_("What else is known"), required=False, max_length=LONGEST_TEXT, widget=text_area(4)
    )
    verification = CodeField("verifications", label=_("How far has it been checked?"), initial="unverified")
    place_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, undated: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["when"].required = not undated

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        one, other = cleaned.get("latitude"), cleaned.get("longitude")
        if (one is None) != (other is None) and not {"latitude", "longitude"} & set(self.errors):
            self.add_error(
                "longitude" if other is None else "latitude", _("A point needs both latitude and longitude.")
            )
        return cleaned


class ActSheet(TypedSheet):
    """One kind of act, its means, unnamed people, and how far the alleged are involved."""

    kind = CodeField(
        "acts",
        grouped=True,
        ask=True,
        empty=_CHOOSE,
        label=_("What was done?"),
        error_messages={"required": _("Say what was done; “other” is fine too.")},
    )
    means = CodeField("means", label=_("By what means?"), required=False)
    victims = ActorsField(
        label=_("To whom was it done?"),
        help_text=_("People, groups or both, one on each line. Each counts once."),
        required=False,
    )
    new_victims = CodeField("actor_kinds", label=_("Those not known yet are"), required=False, empty=_ASK_ME)
    persons = forms.CharField(
        label=_("Also to so many people, without naming them"),
        help_text=_("A number. They count with the first group or community named above."),
        required=False,
        max_length=60,
    )
    perpetrators = ActorsField(
        label=_("Who is said to have done it?"),
        help_text=_("One on each line; “two men on a motorcycle” is fine too."),
        required=False,
    )
    new_perpetrators = CodeField(
        "actor_kinds", label=_("The alleged who are not known yet are"), required=False, empty=_ASK_ME
    )
    involvement = CodeField("involvements", label=_("What part do they have in it?"), initial="suspected")
    certainty = CodeField("certainties", label=_("How certain is that?"), initial="unknown")
    act = forms.UUIDField(required=False, widget=forms.HiddenInput)
    take_out = forms.BooleanField(label=_("Take this act out"), required=False)

    def __init__(self, *args: Any, new_kinds: tuple[str, str] = ("", ""), **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["victims"].widget.new_kind, self.fields["perpetrators"].widget.new_kind = new_kinds

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        victims = cleaned.get("victims")
        if cleaned.get("persons") and victims is not None and not any(map(is_collective, kinds_of(victims))):
            message = _("Say which group, family or community these people belong to, in the list above.")
            self.add_error("persons", message)
        return cleaned


def kinds_of(choice: ActorChoice) -> list[str]:
    """Return the kinds of the actors that a settled choice means."""
    known = [one.id for one in choice.resolved if isinstance(one, Known)]
    new = [one.kind for one in choice.resolved if isinstance(one, New)]
    return new + list(Actor.objects.filter(pk__in=known).values_list("kind", flat=True))


class SourceSheet(TypedSheet):
    """How it is known, and how reliable that is."""

    how = CodeField(
        "how_known", label=_("How do we know?"), required=False, widget=forms.RadioSelect, initial="not_stated"
    )
    kind = CodeField("source_kinds", label=_("What kind of source?"), required=False)
    reliability = CodeField("reliabilities", label=_("How reliable is it?"), initial="unknown")
    name = forms.CharField(
        label=_("Who or what says so"),
        help_text=_("Kept locked. A role is enough: “a neighbour”."),
        required=False,
        max_length=LONGEST_TITLE,
    )
    reference = forms.CharField(
        label=_("Where it can be found"),
        help_text=_("A page, a date, a file, an address."),
        required=False,
        max_length=LONGEST_TITLE,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        how = cast(forms.ChoiceField, self.fields["how"])
        how.choices = [choice for choice in cast(Iterable[tuple[str, str]], how.choices) if choice[0]]

    def is_told(self) -> bool:
        """Say whether anything was said of a source."""
        said = self.cleaned_data
        return bool(said["kind"] or said["name"] or said["reference"] or said["how"] not in ("", "not_stated"))


class JusticeSheet(Sheet):
    """One step of justice."""

    stage = CodeField("justice_stages", label=_("Which step?"), ask=True, empty=_CHOOSE)
    outcome = CodeField("justice_outcomes", label=_("How does it stand?"), initial="not_known")
    when = WhenField(
        label=_("When?"), help_text=_("A day, a month, “about…”, or “between… and…”."), required=False, max_length=120
    )
    authority = ActorsField(label=_("Before which authority?"), required=False, many=False, new_kind="institution")
    words = forms.CharField(
        label=_("What the group says about it"), required=False, max_length=LONGEST_TEXT, widget=text_area(3)
    )


class LinkSheet(Sheet):
    """How an incident has to do with another."""

    other = forms.UUIDField(widget=forms.HiddenInput)
    kind = CodeField("incident_links", label=_("How are they linked?"), ask=True, empty=_CHOOSE)
    words = forms.CharField(label=_("Why we think so"), required=False, max_length=LONGEST_TEXT, widget=text_area(2))
