"""The parts of a page: labels, dates, fields, summaries, drawings and pages of a list."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import RuleBroken
from tejido.drawing.svg import Cell, Drawing, Table
from tejido.web.context import every_page, site_of
from tejido.web.forms import CodeField, CodesField, RevisionSheet, Sheet, WhenField
from tejido.web.paging import Page, place_asked
from tejido.web.wording import Counted

FIRST, LAST = UUID(int=1), UUID(int=2)


class Questions(Sheet):
    """One field of every shape."""

    title = forms.CharField(label="Title", help_text="In a few words")
    when = WhenField(label="When?")
    kind = CodeField("acts", label="What kind?", grouped=True)
    certainty = CodeField("certainties", label="How sure?", required=False)
    how = CodesField("means", label="By what means?", required=False)
    sure = forms.BooleanField(label="Sure", required=False)


def shown(source: str, address: str = "/", **context: object) -> str:
    """Return a template drawn as in a page."""
    request = RequestFactory().get(address)
    return engines["django"].from_string(source).render(context, request)


def test_a_code_is_said_in_the_language_of_the_page() -> None:
    with translation.override("es"):
        spanish = shown('{{ "killing"|label:"acts" }}')
    with translation.override("en"):
        assert shown('{{ "killing"|label:"acts" }}') not in {"", "killing!", spanish}
    assert shown('{{ ""|label:"acts" }}|{{ none|label:"acts" }}') == "|"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_date_is_said_in_the_language_of_the_page(lang: str) -> None:
    when = ImpreciseDate.month(1973, 9, about=True)
    with translation.override(lang):
        assert shown("{{ when|dated }}", when=when) == when.words(lang)
        assert shown("{{ when|dated_short }}", when=when.encode()) == when.short(lang)
        assert shown("{{ when|dated }}", when=None) == ""


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    form = Questions({"title": "", "when": "never ever", "kind": "no such"})
    page = shown("{% for item in form %}{% field item %}{% endfor %}", form=form)
    assert '<label for="id_title">' in page
    assert 'aria-describedby="id_title_hint id_title_error"' in page
    assert 'id="id_title_hint"' in page and 'id="id_title_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'value="never ever"' in page
    assert not re.search(r"<[^>]*\brequired\b", page)
    assert page.count("<fieldset") == page.count("<legend>") == 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_summary_leads_to_each_field_and_escapes_what_it_says() -> None:
    form = Questions({"title": "", "when": "", "kind": "<b>"})
    page = shown("{% error_summary form %}", form=form)
    targets = re.findall(r'href="#([^"]+)"', page)
    assert targets == ["id_title", "id_when", "id_kind"]
    drawn = shown("{% for item in form %}{% field item %}{% endfor %}", form=form)
    assert all(f'id="{target}"' in drawn for target in targets)
    assert "<b>" not in page
    assert "3 things to look at again" in page
    assert "Title: This field is required." in page


def test_a_form_without_faults_has_no_summary() -> None:
    assert shown("{% error_summary form nothing %}", form=Questions(), nothing=None) == ""


def test_a_rule_that_stands_against_it_is_said_in_the_summary() -> None:
    form = Sheet({})
    form.refuse(RuleBroken("No plan is adopted without a decision."))
    assert "No plan is adopted without a decision." in shown("{% error_summary form %}", form=form)


def test_a_date_typed_is_read_and_shown_again_in_words() -> None:
    form = Questions({"title": "x", "when": "11/09/1973", "kind": "killing"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["when"] == ImpreciseDate.day(date(1973, 9, 11))
    again = Questions(initial={"when": form.cleaned_data["when"]})
    with translation.override("es"):
        assert "11 de septiembre de 1973" in shown("{% field form.when %}", form=again)


def test_the_choices_of_a_list_follow_the_language() -> None:
    with translation.override("es"):
        spanish = shown("{% field form.kind %}", form=Questions())
    with translation.override("en"):
        assert shown("{% field form.kind %}", form=Questions()) != spanish


def test_no_code_is_chosen_by_nobody() -> None:
    page = shown("{% field form.kind %}", form=Questions())
    assert page.index('<option value=""') < page.index("<optgroup")
    radios = CodeField("certainties", widget=forms.RadioSelect)
    assert 'value=""' not in radios.widget.render("name", None)


def test_a_hidden_field_is_only_its_control() -> None:
    page = shown("{% field form.revision %}", form=RevisionSheet(initial={"revision": 3}))
    assert page == '<input type="hidden" name="revision" value="3" id="id_revision">'


def test_a_drawing_has_its_table_beside_it() -> None:
    table = Table(("Who", "What"), ((Cell("Ana <b>", "/fabric/1/"), Cell("2")),))
    page = shown("{% drawing d 'A caption' %}", d=Drawing("<svg></svg>", table))
    assert "<svg></svg>" in page
    assert '<a href="/fabric/1/">Ana &lt;b&gt;</a>' in page
    assert "A caption" in page and "<details >" in page
    assert "<details open>" in shown("{% drawing d %}", d=Drawing("", table))


def test_pages_of_a_list_keep_the_rest_of_the_address() -> None:
    page = shown("{% paging p %}", "/fabric/?kind=community&after=x", p=Page((), after=LAST, before=FIRST))
    assert f'href="?kind=community&amp;after={LAST}"' in page
    assert f'href="?kind=community&amp;before={FIRST}"' in page
    assert shown("{% paging p %}", p=Page(())).strip() == ""


def test_a_place_in_a_list_is_an_id_or_nothing() -> None:
    asked = RequestFactory().get(f"/?after={LAST}&before=name")
    assert place_asked(asked) == {"after": LAST, "before": None}


def test_a_page_in_arabic_runs_from_right_to_left() -> None:
    with translation.override("ar"):
        assert site_of("/").direction == "rtl"
    with translation.override("es"):
        assert site_of("/").direction == "ltr"


def test_nobody_at_work_sees_no_ways_and_no_names() -> None:
    site = every_page(RequestFactory().get("/"))["site"]
    assert site.ways == () and not site.at_work and site.circle_name == ""


@pytest.mark.parametrize(("lang", "printed"), [("en", "1,391"), ("es", "1.391"), ("fr", "1\u202f391")])
def test_a_number_of_things_has_its_thousands_apart_and_still_finds_its_plural(lang: str, printed: str) -> None:
    counting = "{% blocktranslate count n=n|counted %}x{% plural %}{{ n }}{% endblocktranslate %}"
    said = "{{ n|counted }} " + counting
    with translation.override(lang):
        assert engines["django"].from_string(said).render({"n": 1391}) == f"{printed} {printed}"
        assert engines["django"].from_string(said).render({"n": 1}) == "1 x"
        assert f"{Counted(1391)}" == printed
