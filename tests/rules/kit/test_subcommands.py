"""Suggesting the nearest known word for an unknown subcommand."""

import pytest

from handlers.kit.subcommands import did_you_mean

KNOWN = ("add", "close", "show", "withdraw")


@pytest.mark.parametrize(
    ("word", "rest", "question"),
    [
        pytest.param("clsoe", "", " Did you mean `/vote close`?", id="two letters swapped"),
        pytest.param("shw", "14", " Did you mean `/vote show 14`?", id="a letter missing, with the rest repeated"),
        pytest.param("shw", "<!here> `x`", " Did you mean `/vote show &lt;!here&gt; x`?", id="hostile text"),
        pytest.param("xyzzy", "14", "", id="no word is near"),
        pytest.param("", "", "", id="no word at all"),
    ],
)
def test_the_nearest_word_is_offered(word, rest, question):
    assert did_you_mean("/vote", word, KNOWN, rest) == question
