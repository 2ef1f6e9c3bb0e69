"""Names, weights, and domains of agencies as people type them."""

import pytest

from handlers.kit.refusals import Refusal
from handlers.members import rules


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("elm.k12.example", "elm.k12.example"),
        ("@Elm.example", "elm.example"),
        ("www.elm.example", "elm.example"),
        ("https://elm.example/", "elm.example"),
        ("", None),
    ],
)
def test_a_domain_is_parsed_from_an_address_or_a_link(typed, expected):
    assert rules.domain(typed) == expected


@pytest.mark.parametrize(("typed", "expected"), [("2", 2), ("0.5", 0.5), ("0,5", 0.5), ("0", 0)])
def test_a_weight_is_a_number_with_a_point_or_a_comma(typed, expected):
    assert rules.weight(typed) == expected


@pytest.mark.parametrize("typed", ["", "-1", "inf", "1001", "two"])
def test_any_other_weight_is_refused(typed):
    with pytest.raises(Refusal, match="never changes an agency's voice"):
        rules.weight(typed)


@pytest.mark.parametrize("typed", ["", "   ", "---", "\u202e"])
def test_a_name_needs_a_letter_or_a_number(typed):
    with pytest.raises(Refusal, match="needs a name"):
        rules.name(typed, "agency", rules.AGENCY_EXAMPLE)
