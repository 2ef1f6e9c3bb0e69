"""The terms of dues as people type them."""

import pytest

from handlers.funding import rules
from handlers.kit.refusals import Refusal

EXAMPLE = '`/workload dues "Elm Schools" 2026 1500`'


@pytest.mark.parametrize(
    ("typed", "term"),
    [
        ("2026", "2026"),
        (" 2026-27 ", "2026-27"),
        ("2026/27", "2026-27"),
        ("2026–2027", "2026-27"),
        ("2099-00", "2099-00"),
    ],
)
def test_a_term_is_a_year_or_a_school_year(typed, term):
    assert rules.term(typed, EXAMPLE) == term


@pytest.mark.parametrize("typed", ["", "26", "1999", "2026-28", "2027-26", "next year", "20266", "=2026", "２０２６"])
def test_anything_else_is_refused_with_an_example(typed):
    with pytest.raises(Refusal, match="as a term") as refused:
        rules.term(typed, EXAMPLE)
    assert EXAMPLE in refused.value.sentence
