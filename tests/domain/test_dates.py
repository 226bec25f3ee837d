"""Imprecise dates: what is typed, kept, printed and compared."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.dates import ImpreciseDate, iso_week, parse
from tejido.domain.errors import BadInput

TODAY = date(2026, 11, 20)
LANGUAGES = ("en", "es", "fr", "pt")
PIECES = (
    "hace entre el de y a - / ~ 3 17 31 99 0 0001 1973 9999 dias meses anos semana pasada mayo out sept about c. "
    "1er ago last 12/2024 31/12/9999 1973-09 martes this hoy 29 febrero"
)
days = st.dates()
any_dates = st.one_of(
    st.builds(lambda d, a: ImpreciseDate.day(d, about=a), days, st.booleans()),
    st.builds(lambda d, a: ImpreciseDate.month(d.year, d.month, about=a), days, st.booleans()),
    st.builds(lambda d, a: ImpreciseDate.year(d.year, about=a), days, st.booleans()),
    st.builds(lambda d, e, a: ImpreciseDate.between(min(d, e), max(d, e), about=a), days, days, st.booleans()),
    st.builds(
        lambda d, n, a: ImpreciseDate.between(d, d + timedelta(days=n), about=a),
        st.dates(max_value=date(9998, 1, 1)),
        st.integers(0, 45),
        st.booleans(),
    ),
    st.builds(
        lambda d, e, whole, a: ImpreciseDate.between(
            *(getattr(ImpreciseDate, whole)(*parts) for parts in _ends(d, e, whole)), about=a
        ),
        days,
        days,
        st.sampled_from(["month", "year"]),
        st.booleans(),
    ),
)


def _ends(one: date, other: date, whole: str) -> list[tuple[int, ...]]:
    ordered = sorted([one, other])
    return [(d.year, d.month) if whole == "month" else (d.year,) for d in ordered]


@given(any_dates)
def test_what_is_encoded_decodes_to_the_same(when: ImpreciseDate) -> None:
    assert ImpreciseDate.decode(when.encode()) == when


@given(any_dates, st.sampled_from(LANGUAGES))
def test_what_is_printed_in_any_language_is_read_back_exactly(when: ImpreciseDate, lang: str) -> None:
    assert parse(when.words(lang), today=date.max, lang=lang) == when
    assert parse(when.short(lang), today=date.max, lang=lang) == when


@given(any_dates)
def test_iso_forms_are_read_from_what_people_type_too(when: ImpreciseDate) -> None:
    assert parse(when.encode(), today=date.max, lang="es") == when


@given(st.lists(any_dates, max_size=6))
def test_sorting_is_total_and_does_not_depend_on_the_order_given(whens: list[ImpreciseDate]) -> None:
    backwards = whens[::-1]
    assert sorted(whens) == sorted(backwards)
    assert [w.start for w in sorted(whens)] == sorted(w.start for w in whens)


@given(any_dates, any_dates)
def test_before_overlap_and_days_between_agree(one: ImpreciseDate, other: ImpreciseDate) -> None:
    fewest, most = one.days_between(other)
    assert (fewest, most) == other.days_between(one)
    assert 0 <= fewest <= most
    assert one.may_overlap(other) == (fewest == 0)
    assert [one.certainly_before(other), other.certainly_before(one), one.may_overlap(other)].count(True) == 1


@given(st.text(max_size=40))
def test_anything_typed_is_read_or_refused_with_a_sentence(text: str) -> None:
    try:
        parse(text, today=TODAY, lang="es")
    except BadInput as refusal:
        assert str(refusal).endswith(".")


@given(
    st.lists(
        st.sampled_from(PIECES.split()),
        max_size=7,
    ),
    st.sampled_from([TODAY, date.min, date.max]),
)
def test_any_mixture_of_date_words_is_read_or_refused(said: list[str], today: date) -> None:
    try:
        when = parse(" ".join(said), today=today, lang="es")
    except BadInput as refusal:
        assert str(refusal).endswith(".")
    else:
        assert when.start <= today


@given(st.text(alphabet="0123456789-/~", max_size=22))
def test_anything_kept_decodes_or_is_refused(text: str) -> None:
    try:
        ImpreciseDate.decode(text)
    except BadInput as refusal:
        assert str(refusal)


@pytest.mark.parametrize(
    ("typed", "lang", "kept"),
    [
        ("11/09/1973", "es", "1973-09-11"),
        ("11/09/1973", "en", "1973-09-11"),
        ("11.9.1973", "fr", "1973-09-11"),
        ("1973-09-11", "pt", "1973-09-11"),
        ("1973/9/11", "en", "1973-09-11"),
        ("09/1973", "es", "1973-09"),
        ("17 de noviembre de 2026", "es", "2026-11-17"),
        ("17 de noviembre del 2026", "es", "2026-11-17"),
        ("17 de noviembre", "es", "2026-11-17"),
        ("21 de noviembre", "es", "2025-11-21"),
        ("29 de febrero", "es", "2024-02-29"),
        ("hacia octubre", "es", "2026-10~"),
        ("hacia diciembre", "es", "2025-12~"),
        ("hacia el 17 de noviembre", "es", "2026-11-17~"),
        ("octubre 2025", "es", "2025-10"),
        ("Octubre del año 2025", "es", "2025-10"),
        ("1975", "es", "1975"),
        ("entre el 3 y el 9 de mayo de 2024", "es", "2024-05-03/2024-05-09"),
        ("del 3 al 9 de mayo de 2024", "es", "2024-05-03/2024-05-09"),
        ("entre el 30 de abril y el 3 de mayo", "es", "2026-04-30/2026-05-03"),
        ("entre diciembre y enero de 2024", "es", "2023-12-01/2024-01-31"),
        ("entre diciembre y enero", "es", "2025-12-01/2026-01-31"),
        ("18-25 de noviembre", "es", "2026-11-18/2026-11-25"),
        ("3-9 May 2024", "en", "2024-05-03/2024-05-09"),
        ("3–9 May 2024", "en", "2024-05-03/2024-05-09"),
        ("May 3, 2024", "en", "2024-05-03"),
        ("the 3rd of May 2024", "en", "2024-05-03"),
        ("about March 2020", "en", "2020-03~"),
        ("c. 1975", "en", "1975~"),
        ("ca 1975", "fr", "1975~"),
        ("1973-1975", "en", "1973-01-01/1975-12-31"),
        ("03/05/2024 - 09/05/2024", "en", "2024-05-03/2024-05-09"),
        ("17-nov-2026", "es", "2026-11-17"),
        ("set/2019", "pt", "2019-09"),
        ("1er mai 2024", "fr", "2024-05-01"),
        ("du 3 au 9 mai 2024", "fr", "2024-05-03/2024-05-09"),
        ("vers le 3 août 2024", "fr", "2024-08-03~"),
        ("1º de março de 2020", "pt", "2020-03-01"),
        ("por volta de março de 2020", "pt", "2020-03~"),
        ("hoy", "es", "2026-11-20"),
        ("ayer", "es", "2026-11-19"),
        ("hace 3 días", "es", "2026-11-17"),
        ("hace unos 3 días", "es", "2026-11-17~"),
        ("hace dos semanas", "es", "2026-11-06~"),
        ("hace 11 meses", "es", "2025-12"),
        ("la semana pasada", "es", "2026-11-09/2026-11-15"),
        ("este mes", "es", "2026-11"),
        ("el año pasado", "es", "2025"),
        ("yesterday", "en", "2026-11-19"),
        ("a week ago", "en", "2026-11-13~"),
        ("3 days ago", "en", "2026-11-17"),
        ("aujourd’hui", "fr", "2026-11-20"),
        ("avant-hier", "fr", "2026-11-18"),
        ("il y a 3 jours", "fr", "2026-11-17"),
        ("le mois dernier", "fr", "2026-10"),
        ("anteontem", "pt", "2026-11-18"),
        ("há 3 dias", "pt", "2026-11-17"),
        ("3 dias atrás", "pt", "2026-11-17"),
        ("martes 17 de noviembre", "es", "2026-11-17"),
        ("terça-feira, 17 de novembro de 2026", "pt", "2026-11-17"),
        ("Tuesday 17 November 2026", "en", "2026-11-17"),
        ("noviembre de 2026", "es", "2026-11"),
        ("2026", "es", "2026"),
    ],
)
def test_people_type_dates_in_many_ways(typed: str, lang: str, kept: str) -> None:
    assert parse(typed, today=TODAY, lang=lang).encode() == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "   ", "cuando llovía", "17", "11/09/73", "31/02/2024", "11/30/2024",
        "13", "mayo junio",
        "17 2024",
        "entre el 9 y el 3 de mayo de 2024", "de", "y", "entre", "0000", "99/99/9999", "x" * 5000,
        "3 de mayo de 2024 y algo", "29/02/2023", "lunes 17 de noviembre de 2026",
        "lunes", "martes noviembre 2026", "mayo y 2019",
    ],
)  # fmt: skip
def test_what_cannot_be_read_in_one_way_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        parse(typed, today=TODAY, lang="es")


def test_only_what_lies_wholly_after_today_is_refused() -> None:
    with pytest.raises(BadInput, match="still to come"):
        parse("21/11/2026", today=TODAY, lang="es")
    with pytest.raises(BadInput, match="still to come"):
        parse("diciembre de 2026", today=TODAY, lang="es")
    assert parse("entre el 18 y el 25 de noviembre de 2026", today=TODAY, lang="es").end == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("kept", "en", "es", "fr", "pt"),
    [
        ("2026-11-17~", "around 17 November 2026", "hacia el 17 de noviembre de 2026",
         "vers le 17 novembre 2026", "por volta de 17 de novembro de 2026"),
        ("2024-05-03/2024-05-09", "between 3 and 9 May 2024", "entre el 3 y el 9 de mayo de 2024",
         "entre le 3 et le 9 mai 2024", "entre 3 e 9 de maio de 2024"),
        ("1973-09", "September 1973", "septiembre de 1973", "septembre 1973", "setembro de 1973"),
        ("1973-09-01", "1 September 1973", "1 de septiembre de 1973", "1er septembre 1973",
         "1º de setembro de 1973"),
        ("1975~", "around 1975", "hacia 1975", "vers 1975", "por volta de 1975"),
        ("2023-12-30/2024-01-02", "between 30 December 2023 and 2 January 2024",
         "entre el 30 de diciembre de 2023 y el 2 de enero de 2024",
         "entre le 30 décembre 2023 et le 2 janvier 2024",
         "entre 30 de dezembro de 2023 e 2 de janeiro de 2024"),
        ("2024-04-30/2024-05-03", "between 30 April and 3 May 2024",
         "entre el 30 de abril y el 3 de mayo de 2024",
         "entre le 30 avril et le 3 mai 2024", "entre 30 de abril e 3 de maio de 2024"),
        ("1973-09/1973-10", "between September and October 1973", "entre septiembre y octubre de 1973",
         "entre septembre et octobre 1973", "entre setembro e outubro de 1973"),
        ("1973/1975", "between 1973 and 1975", "entre 1973 y 1975",
         "entre 1973 et 1975", "entre 1973 e 1975"),
    ],
)  # fmt: skip
def test_dates_print_as_each_language_says_them(kept: str, en: str, es: str, fr: str, pt: str) -> None:
    when = ImpreciseDate.decode(kept)
    assert [when.words(lang) for lang in LANGUAGES] == [en, es, fr, pt]
    assert when.words("es-CL") == es
    assert when.words("de") == en


def test_short_forms_fit_a_column() -> None:
    assert ImpreciseDate.decode("2024-05-03/2024-05-09").short("es") == "3–9 may 2024"
    assert ImpreciseDate.decode("2023-12-30/2024-01-02").short("en") == "30 Dec 2023 – 2 Jan 2024"
    assert ImpreciseDate.decode("1975~").short("fr") == "c. 1975"


def test_a_range_that_is_a_whole_month_or_year_stays_a_range() -> None:
    month = ImpreciseDate.between(date(1973, 9, 1), date(1973, 9, 30))
    year = ImpreciseDate.between(date(1973, 1, 1), date(1973, 12, 31))
    assert month != ImpreciseDate.month(1973, 9)
    assert month.words("es") == "entre el 1 y el 30 de septiembre de 1973"
    assert year.words("es") == "entre enero y diciembre de 1973"
    for when in (month, year):
        assert ImpreciseDate.decode(when.encode()) == when
        assert parse(when.words("es"), today=TODAY, lang="es") == when


def test_between_takes_imprecise_ends_and_refuses_reversed_ones() -> None:
    spring = ImpreciseDate.between(ImpreciseDate.month(1973, 9), ImpreciseDate.month(1973, 11, about=True))
    assert (spring.start, spring.end, spring.about) == (date(1973, 9, 1), date(1973, 11, 30), True)
    assert ImpreciseDate.between(TODAY, TODAY) == ImpreciseDate.day(TODAY)
    with pytest.raises(BadInput):
        ImpreciseDate.between(date(2024, 5, 9), date(2024, 5, 3))
    with pytest.raises(BadInput):
        ImpreciseDate.between(ImpreciseDate.year(1974), ImpreciseDate.month(1974, 3))


def test_unsound_dates_cannot_be_made() -> None:
    with pytest.raises(BadInput):
        ImpreciseDate(date(2024, 1, 2), date(2024, 1, 3), "day")
    with pytest.raises(BadInput):
        ImpreciseDate(date(2024, 1, 2), date(2024, 1, 31), "month")
    with pytest.raises(BadInput):
        ImpreciseDate.month(2024, 13)
    with pytest.raises(BadInput):
        ImpreciseDate.year(0)
    made = ImpreciseDate.day(datetime(2024, 1, 2, 3, 4))  # noqa: DTZ001
    assert made.start == date(2024, 1, 2)
    assert not isinstance(made.start, datetime)


def test_weeks_are_iso_weeks() -> None:
    assert iso_week(date(2026, 11, 20)) == 202647
    assert ImpreciseDate.year(2021).weeks() == (202053, 202152)


def test_about_gives_slack_when_comparing_but_not_when_counting_days_of_the_span() -> None:
    exact, about = ImpreciseDate.day(date(2024, 5, 3)), ImpreciseDate.day(date(2024, 5, 6), about=True)
    assert not exact.certainly_before(about)
    assert exact.certainly_before(ImpreciseDate.day(date(2024, 5, 6)))
    assert exact.days_between(ImpreciseDate.month(2024, 6)) == (29, 58)
