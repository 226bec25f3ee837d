"""The sheets of the fabric: actors, ties, places, consents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, TejidoError
from tejido.drawing.geometry import MOST_BYTES, Geometry, check_geometry, read_geojson
from tejido.fabric import typed
from tejido.fabric.choice_fields import ActorsField, TerritoryField
from tejido.fabric.making import LONGEST_NAME, LONGEST_TEXT
from tejido.fabric.models import Actor
from tejido.vault.files import SealedFiles
from tejido.vault.uploads import SealedUpload
from tejido.vocabularies import vocabulary
from tejido.web.forms import CodeField, Sheet, WhenField
from tejido.web.wording import page_language, sentence_of

_FAR_AHEAD = date(9990, 12, 31)
_TWO_OUTLINES = lazy("Give the place in one way only: an outline, a file, or a latitude and longitude.")
_ONE_PLACE = lazy("The map holds no place, or several. Please give the outline of this one alone.")
_NOT_DEGREES = lazy("Write latitude and longitude in degrees, both, such as -33.45 and -70.66.")


class ListedSheet(Sheet):
    """A sheet that may change a record: it carries the revision its reader saw, if there is one."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def post_again(self, **values: str) -> None:
        """Put ``values`` among what was posted, to be shown again with the rest."""
        data = cast(QueryDict, self.data).copy()
        for name, value in values.items():
            data[name] = value
        self.data = data


def _line(label: Any, hint: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=LONGEST_NAME)


def _text(label: Any, hint: Any = "", *, rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=LONGEST_TEXT, widget=widget)


class ActorSheet(ListedSheet):
    """An actor of any kind; several names, its own words about itself, and as few facts as it wants."""

    kind = CodeField("actor_kinds", label=lazy("What kind of actor is it?"), initial="community")
    name = _line(
        lazy("What is it called?"),
        lazy("Words are enough where there is no name: “two men on a motorcycle”."),
        required=True,
    )
    identities = _text(lazy("How do they describe themselves?"), lazy("In their own words, one on each line."))
    about = _text(lazy("What should we know?"), rows=4)
    size = _line(lazy("How many are they?"), lazy("As they say it: “about 200 families”. No names are needed."))
    naming = CodeField(
        "naming",
        label=lazy("Are members named here?"),
        widget=forms.RadioSelect,
        required=False,
        help_text=lazy("Nobody has to be. A group that names nobody works fully."),
    )
    form = CodeField("group_forms", label=lazy("What form does the group have?"), required=False)
    acronym = _text(lazy("Acronyms"), lazy("One on each line."), rows=2)
    aliases = _text(lazy("Other names they go by"), lazy("One on each line."), rows=2)
    former = _text(lazy("Names they had before"), lazy("One on each line."), rows=2)
    translations = _text(
        lazy("The name in other languages"),
        lazy("One on each line, the language in front: “en: River Assembly”."),
        rows=2,
    )
    details = _text(lazy("Further facts"), lazy("One on each line: “founded: 1994”."))

    def actor_values(self) -> dict[str, Any]:
        """Return what was typed as ``record_actor`` takes it; what was not touched is left out of a change."""
        said = self.cleaned_data
        values: dict[str, Any] = {name: said[name] for name in ("kind", "about", "size", "form")}
        values["naming"] = said["naming"] or "nobody"
        values["identities"] = said["identities"].splitlines()
        if not self.initial or self._touched(*typed.NAME_FIELDS):
            values["names"] = typed.names_typed(said)
        if not self.initial or self._touched("details"):
            values["details"] = typed.details_typed(said["details"])
        return values

    def _touched(self, *names: str) -> bool:
        return any(
            "\n".join(str(self.cleaned_data[name]).split("\r\n")).strip() != str(self.initial.get(name, "")).strip()
            for name in names
        )


class TieSheet(ListedSheet):
    """A tie between two actors, read from the first to the second."""

    one = ActorsField(label=lazy("Who?"), many=False)
    kind = forms.ChoiceField(label=lazy("How are they tied?"))
    other = ActorsField(label=lazy("With whom?"), many=False)
    strength = CodeField(
        "tie_strengths", label=lazy("How strong is the tie?"), initial="medium", widget=forms.RadioSelect
    )
    certainty = CodeField("certainties", label=lazy("How sure is it?"), initial="unknown")
    since = WhenField(
        label=lazy("Since when?"), required=False, help_text=lazy("A day, a month, a year, “about 1998”.")
    )
    until = WhenField(label=lazy("Until when?"), required=False, help_text=lazy("Only if it is over."))
    source = _line(lazy("How do we know?"))
    words = _text(lazy("In your own words"))

    def __init__(self, *args: Any, fixed: tuple[str, ...] = (), both_ways: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in fixed:
            del self.fields[name]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = list(_tie_choices(both_ways))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        one, other = said.get("one"), said.get("other")
        if one and other and one.resolved == other.resolved:
            self.add_error("other", _("A tie joins two different actors; please choose another."))
        return said

    @property
    def turned(self) -> bool:
        """Say whether the tie leads from the second to the first."""
        return str(self.cleaned_data["kind"]).startswith("<")

    def tie_values(self) -> dict[str, Any]:
        """Return what was typed as ``tie_actors`` takes it, without the ends."""
        names = ("strength", "certainty", "since", "until", "source", "words")
        said = self.cleaned_data
        return {"kind": said["kind"].removeprefix("<"), **{name: said[name] for name in names}}


def _tie_choices(both_ways: bool) -> Iterator[tuple[str, str]]:
    lang = page_language()
    for term in vocabulary("tie_kinds"):
        yield term.code, f"… {term.label(lang)} …"
        if both_ways and not term.flag("symmetric"):
            yield f"<{term.code}", f"… {term.text('inverse', lang)} …"


class EndSheet(ListedSheet):
    """Until when a tie held."""

    until = WhenField(
        label=lazy("Until when did it hold?"), help_text=lazy("A day, a month, a year, “about October”.")
    )


class TerritorySheet(ListedSheet):
    """A territory: what it is called, what it lies in, where it is and how exactly that is shown."""

    name = _line(lazy("What is it called?"), required=True)
    kind = CodeField("territory_kinds", label=lazy("What kind of territory is it?"), initial="locality")
    parent = TerritoryField(
        label=lazy("What does it lie in?"),
        required=False,
        help_text=lazy("A wider territory: its municipality, its region."),
    )
    about = _text(lazy("What does it mean to those who live there?"))
    shown = CodeField(
        "coarseness",
        label=lazy("How exactly may it be shown?"),
        initial="km_5",
        help_text=lazy("The place itself is kept exact and locked."),
    )
    latitude = _line(lazy("Latitude"), lazy("In degrees, such as -39.82."))
    longitude = _line(lazy("Longitude"), lazy("In degrees, such as -73.24."))
    outline = _text(lazy("Outline"), lazy("GeoJSON, if you have it."))
    file = forms.FileField(label=lazy("Outline from a file"), help_text=lazy("A GeoJSON file."), required=False)
    forget = forms.BooleanField(label=lazy("Forget where it is"), required=False)

    geometry: Geometry | None = None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        ways = [name for name in ("outline", "file", "latitude") if said.get(name)]
        if len(ways) > 1:
            self.add_error("outline", _TWO_OUTLINES)
        elif said.get("latitude") or said.get("longitude"):
            self._point(said.get("latitude", ""), said.get("longitude", ""))
        elif ways:
            self._outline(ways[0], said[ways[0]])
        return said

    def keep_file(self) -> None:
        """After an error, put what a file held into the field for outlines: a file cannot be shown again."""
        if self.geometry is not None and self.files:
            self.post_again(outline=typed.geometry_text(self.geometry))

    def _outline(self, name: str, given: str | SealedUpload) -> None:
        try:
            features = read_geojson(given if isinstance(given, str) else _content(given))
            places = [feature.geometry for feature in features if feature.geometry is not None]
            if len(places) != 1:
                self.add_error(name, _ONE_PLACE)
                return
            self.geometry = check_geometry(places[0])
        except TejidoError as error:
            self.refuse(error, name)

    def _point(self, latitude: str, longitude: str) -> None:
        try:
            lat, lon = (float(text.replace(",", ".").replace("−", "-")) for text in (latitude, longitude))
            self.geometry = check_geometry({"type": "Point", "coordinates": [lon, lat]})
        except (ValueError, BadInput):
            self.add_error("latitude", _NOT_DEGREES)


def _content(file: SealedUpload) -> bytes:
    """Return what an uploaded file holds (one byte too much where it is too large), and let go of it."""
    with file.open_plain() as plain:
        content = plain.read(MOST_BYTES + 1)
    SealedFiles(settings.WORKSPACE.directory / "sealed").discard(file.sealed)
    return content


class AssetSheet(Sheet):
    """Something a community lives by."""

    kind = CodeField("asset_kinds", label=lazy("What is it?"), initial="school")
    name = _line(lazy("What is it called?"))
    condition = _text(lazy("How is it now?"), lazy("In use, damaged, threatened, closed…"))


class PresenceSheet(Sheet):
    """Where an actor lives, works, defends or operates."""

    territory = TerritoryField(label=lazy("Which territory?"), help_text=lazy("Type its name."))
    kind = CodeField("presence_kinds", label=lazy("How are they there?"), initial="lives", widget=forms.RadioSelect)
    words = _text(lazy("In your own words"))


class ConsentSheet(Sheet):
    """What an actor agreed to: for what, towards whom, until when, in which words."""

    status = forms.ChoiceField(label=lazy("What did they say?"), widget=forms.RadioSelect, initial="given")
    purpose = CodeField("consent_purposes", label=lazy("What for?"))
    audience = CodeField("audiences", label=lazy("Who may know?"))
    scope = CodeField(
        "consent_scopes",
        label=lazy("Whose consent is it?"),
        widget=forms.RadioSelect,
        help_text=lazy("What one member agrees to for themselves never counts as the group's."),
    )
    given_on = WhenField(label=lazy("When was it said?"), required=False)
    expires_on = forms.CharField(
        label=lazy("Until when does it hold?"),
        required=False,
        max_length=100,
        help_text=lazy("A day, a month or a year to come. Empty: until it is withdrawn."),
    )
    words = _text(lazy("What was agreed, as it was said, and who spoke"), rows=4)

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        status = self.fields["status"]
        assert isinstance(status, forms.ChoiceField)
        status.choices = [("given", _("Yes")), ("refused", _("No"))]
        if actor.kind == "person":
            del self.fields["scope"]
        else:
            self.fields["scope"].initial = "collective"

    def clean_expires_on(self) -> ImpreciseDate | None:
        text = self.cleaned_data["expires_on"]
        if not text.strip():
            return None
        today = timezone.localdate()
        try:
            until = ImpreciseDate.parse(text, today=_FAR_AHEAD, lang=page_language())
        except TejidoError as error:
            raise forms.ValidationError(sentence_of(error)) from None
        if until.start.year > today.year + 100:
            raise forms.ValidationError(_("Please write the year as well, such as November 2027."))
        if until.start < today:
            raise forms.ValidationError(_("This day is past. Write until when it holds, or leave it empty."))
        return until
