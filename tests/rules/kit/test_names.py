"""Names that look the same to people count as the same, and names that look different do not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.names import contains_words, normalize_name

SAME = [
    pytest.param("Children's Fund", "Children’s Fund", id="curly apostrophe"),
    pytest.param("Children's Fund", "Childrenʼs Fund", id="letter apostrophe"),
    pytest.param("Hawai'i Schools", "Hawaiʻi Schools", id="okina"),
    pytest.param("Peña", "Pen\u0303a", id="decomposed accent"),
    pytest.param("Elm", "E\u200blm", id="zero-width space"),
    pytest.param("Elm", "Elm\ufeff", id="byte order mark"),
    pytest.param("Elm", "El\u00adm", id="soft hyphen"),
    pytest.param("Pe\u0301rez", "Pe\u200d\u0301rez", id="joiner within an accent"),
    pytest.param("Elm Schools", "Elm  Schools", id="double space"),
    pytest.param("Elm Schools", "Elm\u00a0Schools", id="no-break space"),
    pytest.param("Elm Schools", " elm\u2009SCHOOLS ", id="case and thin space"),
    pytest.param("Straße", "STRASSE", id="sharp s"),
    pytest.param("Elm-Oak", "Elm\u2013Oak", id="dash"),
    pytest.param("Elm-Oak", "Elm\u2011Oak", id="no-break hyphen"),
    pytest.param("Elm", "Ｅｌｍ", id="full width"),
    pytest.param('The "Elm"', "The “Elm”", id="quotes"),
    pytest.param("❤ yes", "❤\ufe0f yes", id="variation selector"),
    pytest.param("Office", "O\ufb03ce", id="ligature"),
]
DIFFERENT = [
    pytest.param("José", "Jose", id="accent"),
    pytest.param("Elm Schools", "ElmSchools", id="no space"),
    pytest.param("10²", "102", id="exponent"),
    pytest.param("Oaks", "Oak's", id="apostrophe or none"),
    pytest.param("A/B", "A-B", id="slash or dash"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_look_the_same_are_the_same(one, other):
    assert normalize_name(one) == normalize_name(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_look_different_are_different(one, other):
    assert normalize_name(one) != normalize_name(other)


@given(st.text(max_size=40))
def test_the_form_is_the_same_however_a_name_is_composed_and_stays_as_it_is(name):
    folded = normalize_name(name)
    assert normalize_name(folded) == folded
    assert {normalize_name(unicodedata.normalize(form, name)) for form in ("NFC", "NFD")} == {folded}


@given(st.text(max_size=80))
def test_the_form_of_a_name_fits_its_column(name):
    assert len(normalize_name(name)) <= 240


@given(st.text(max_size=40), st.sampled_from(["\u200b", "\u2060", "\ufeff", "\u00ad"]), st.integers(0, 40))
def test_a_mark_that_shows_nothing_makes_no_difference(name, mark, at):
    assert normalize_name(name[:at] + mark + name[at:]) == normalize_name(name)


def test_a_search_finds_words_however_they_are_typed():
    assert contains_words("The Children’s Peña\nCalendar", "calendar children's PEN\u0303A")
    assert not contains_words("The Children’s Calendar", "children's budget")
    assert contains_words("anything", "")
