"""Leadership concentrated in one person is a risk of the group."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.leadership import Concentration, runs_through_one
from tejido.domain.ties import TieFact


def ties(*told: tuple[str, str, str]) -> list[TieFact]:
    return [TieFact(f"t{number}", *one) for number, one in enumerate(told)]


INSIDE = (("ana", "junta", "leads"), ("luis", "junta", "member_of"))


def test_contacts_that_run_through_one_person_are_shown() -> None:
    known = ties(
        *INSIDE,
        ("ana", "onu", "contact_of"),
        ("ana", "diocesis", "works_with"),
        ("pbi", "ana", "accompanies"),
        ("luis", "prensa", "contact_of"),
    )
    assert runs_through_one("junta", known) == Concentration("ana", alone=3, contacts=4)


def test_contacts_of_the_collective_or_of_two_members_run_through_nobody_alone() -> None:
    known = ties(
        *INSIDE,
        ("ana", "onu", "contact_of"),
        ("luis", "onu", "contact_of"),
        ("junta", "red", "allied_with"),
        ("ana", "red", "works_with"),
        ("ana", "luis", "works_with"),
    )
    assert runs_through_one("junta", known) is None


def test_one_contact_alone_shows_nothing() -> None:
    assert runs_through_one("junta", ties(*INSIDE, ("ana", "onu", "contact_of"))) is None
    assert runs_through_one("junta", []) is None


def test_a_collective_whose_members_nobody_names_shows_nothing() -> None:
    assert runs_through_one("junta", ties(("junta", "onu", "contact_of"), ("junta", "red", "works_with"))) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ana", "luis", "junta", "onu", "red"]),
            st.sampled_from(["ana", "luis", "junta", "onu", "red"]),
            st.sampled_from(["contact_of", "works_with", "family_of", "member_of"]),
        ),
        max_size=8,
    )
)
def test_the_share_is_at_least_half_of_at_least_two_and_order_does_not_matter(
    told: list[tuple[str, str, str]],
) -> None:
    known = ties(*told)
    found = runs_through_one("junta", known)
    assert found == runs_through_one("junta", known[::-1])
    if found is not None:
        assert 0.5 <= found.share <= 1
        assert found.contacts >= 2


def test_the_sentence_speaks_of_the_group_and_offers_a_way() -> None:
    sentence = Concentration("ana", 3, 4).sentence({"ana": "Ana"})
    assert sentence.startswith("Of 4 outside contacts, 3 run through Ana alone.")
    assert "second person" in sentence
    assert "somebody unnamed" in Concentration("ana", 1, 2).sentence({})
