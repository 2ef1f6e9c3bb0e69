"""Putting a chosen reading into the text of a command."""

import pytest

from handlers.kit import drafts
from handlers.kit.refusals import Ambiguous, Reading, ambiguous

DAY = Reading("Thu, Dec 3, 2026", "2026-12-03")
ELM = Reading("Elm & Oak", "Elm &amp; Oak", quoted=True)
BEN = Reading("Ben Ortiz", "<@U1>")


@pytest.mark.parametrize(
    ("text", "typed", "reading", "chosen"),
    [
        pytest.param("due 1 12/3", "12/3", DAY, "due 1 2026-12-03", id="a word"),
        pytest.param("due 1 Next  Friday", "next friday", DAY, "due 1 2026-12-03", id="words with more space"),
        pytest.param("add Plan 12/3 due:12/3", "12/3", DAY, "add Plan 12/3 due:2026-12-03", id="an option first"),
        pytest.param('add "Plan" due:"12/3"', "12/3", DAY, 'add "Plan" due:"2026-12-03"', id="an option in quotes"),
        pytest.param('new "By 12/3" 12/3 9:00', "12/3", DAY, 'new "By 12/3" 2026-12-03 9:00', id="not within a title"),
        pytest.param('time "12/3" "1/4"', "12/3", DAY, 'time "2026-12-03" "1/4"', id="a whole quoted text"),
        pytest.param("due 1 12/3/27", "12/3", DAY, "", id="not within a longer date"),
        pytest.param("away until next <@U1> friday", "next friday", DAY, "", id="not words that stand apart"),
        pytest.param("2026-12-01..12/3", "12/3", DAY, "2026-12-01..2026-12-03", id="the end of a range"),
        pytest.param("what if Elm", "Elm", ELM, "what if “Elm &amp; Oak”", id="a name of several words"),
        pytest.param('what if "Elm"', "Elm", ELM, 'what if "Elm &amp; Oak"', id="a name in quotes keeps them"),
        pytest.param("dues Elm &amp; 2026", "Elm &", ELM, "dues “Elm &amp; Oak” 2026", id="as Slack encodes it"),
        pytest.param("offer 1 @Ben", "@Ben", BEN, "offer 1 <@U1>", id="a person"),
        pytest.param("a b", "a b", Reading("x", "a c"), "a c", id="the whole text"),
    ],
)
def test_a_reading_replaces_what_was_ambiguous_and_nothing_else(text, typed, reading, chosen):
    assert drafts.choose_reading(text, typed, reading) == chosen


def test_a_question_about_a_part_becomes_one_about_the_whole():
    question = ambiguous("2", [Reading("two", "#2"), Reading("three", "#3")]).within("12, 2")
    assert [reading.text for reading in question.readings] == ["12, #2", "12, #3"]
    assert question.typed == "12, 2"
    assert question.sentence == "“2” could mean two or three. Which one do you mean?"


def test_an_example_adds_nothing_to_a_question():
    question = ambiguous("x <y>", [DAY, BEN])
    same = question.with_example("For example: `/task`", "due")
    assert isinstance(same, Ambiguous)
    assert (same.sentence, same.field, same.readings) == (question.sentence, "due", question.readings)
    assert "“x &lt;y&gt;” could mean Thu, Dec 3, 2026 or Ben Ortiz." in same.sentence


def test_long_or_equal_labels_become_numbers():
    long = Ambiguous("Which?", "x", [Reading("a" * 80, "1"), Reading("b < c", "2")])
    sentence, labels = drafts.sentence_and_labels(long)
    assert sentence.split("\n") == ["Which?", f"1. {'a' * 80}", "2. b &lt; c"]
    assert labels == ["1", "2"]
    assert drafts.sentence_and_labels(Ambiguous("Which?", "x", [DAY, DAY]))[1] == ["1", "2"]
    assert drafts.sentence_and_labels(Ambiguous("Which?", "x", [DAY, BEN])) == ("Which?", [DAY.label, BEN.label])
