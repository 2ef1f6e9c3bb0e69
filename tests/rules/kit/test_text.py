"""Formatting text for Slack. Typed text is hostile until it is escaped."""

import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import block_kit, dates, text
from handlers.kit.command_text import parse

hostile = st.text(st.one_of(st.characters(), st.sampled_from("<>&;@!|")), max_size=200)
limits = st.integers(1, 60)
HALF = re.compile(r"&(?!(amp|lt|gt);)")


@given(hostile)
def test_escaped_text_has_no_characters_with_a_meaning_for_slack(typed):
    escaped = text.escape(typed)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not HALF.search(escaped)
    assert html.unescape(text.escape("&lt;!channel&gt;")) == "&lt;!channel&gt;"


@given(hostile)
def test_blocks_that_slack_returns_escaped_are_as_they_were_sent(typed):
    def blocks(write):
        label = {"type": "plain_text", "text": write(typed)}
        words = {"type": "mrkdwn", "text": text.escape(typed)}
        menu = {"type": "overflow", "options": [{"text": label, "value": typed}]}
        return [{"type": "section", "text": words, "accessory": menu}]

    assert block_kit.restore_plain_texts(blocks(text.escape)) == blocks(str)


@given(hostile)
def test_parsed_text_cannot_mention_anyone_once_escaped(typed):
    for word in parse(text.escape(typed)).words:
        assert not re.search("[<>]", text.escape(word.text))


@given(hostile, limits)
def test_a_shortened_text_keeps_to_its_limit_and_its_beginning(typed, limit):
    short = text.truncate(typed, limit)
    assert len(short) <= limit
    if len(typed) <= limit:
        assert short == typed
    else:
        assert short.endswith("…")
        assert typed.startswith(short[:-1])


@given(hostile, limits)
def test_escaped_text_is_shortened_without_cutting_an_entity(typed, limit):
    short = text.truncate_escaped(text.escape(typed), limit)
    assert len(short) <= limit
    assert not HALF.search(short)


@given(hostile, limits)
def test_text_that_is_shortened_before_escaping_has_whole_entities(typed, limit):
    for short in (text.quote(typed, limit), text.bold(typed, limit), text.escape(text.truncate(typed, limit))):
        assert not HALF.search(short)
        assert "<" not in short


def test_entities_are_whole_at_every_limit():
    whole = text.escape("R&D <now> & then >> &amp;")
    for limit in range(1, len(whole) + 1):
        short = text.truncate_escaped(whole, limit)
        assert len(short) <= limit
        assert not HALF.search(short)


def test_links_are_whole_at_every_limit():
    link = "<https://elm.example/a|the page>"
    whole = f"see {link} and more"
    for limit in range(6, len(whole)):
        short = text.truncate_escaped(whole, limit)
        assert short.count("<") == short.count(">")
        assert len(short) <= limit


def test_a_section_keeps_to_slacks_limit_and_mentions_nobody():
    text_object = block_kit.section("&amp;" * 1000).to_dict()["text"]
    assert len(text_object["text"]) <= block_kit.SECTION_CHARACTERS
    assert text_object["verbatim"] is True


@given(st.lists(st.text(st.characters(categories=["L"]), max_size=400), max_size=40))
def test_lines_are_joined_into_sections_and_none_is_lost(given_lines):
    sections = block_kit.text_sections(given_lines, size=500)
    shown = "\n".join(section.text.text for section in sections)
    assert shown == "\n".join(line for n, line in enumerate(given_lines) if line or any(given_lines[:n]))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  Elm  ", "Elm", id="spaces around"),
        pytest.param("El\x00m\x1b", "Elm", id="control characters"),
        pytest.param("Elm\u202egpj", "Elmgpj", id="direction overrides"),
        pytest.param("two\nlines", "two\nlines", id="line breaks stay"),
        pytest.param("👩‍🏫", "👩‍🏫", id="joined emoji stay"),
    ],
)
def test_control_characters_are_removed(typed, kept):
    assert text.sanitize(typed) == kept


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [
        pytest.param(0, 10, 0, id="zero has no bar"),
        pytest.param(1, 100, 1, id="a small part is one block"),
        pytest.param(5, 10, 5, id="half is half"),
        pytest.param(10, 10, 10, id="all is ten"),
        pytest.param(20, 10, 10, id="more than the whole is ten"),
        pytest.param(1, 0, 0, id="a part of zero has no bar"),
    ],
)
def test_a_bar_has_ten_blocks_at_most(part, whole, width):
    assert text.text_bar(part, whole) == "█" * width


@pytest.mark.parametrize(
    ("names", "joined"),
    [([], ""), (["Elm"], "Elm"), (["Birch", "Elm"], "Birch and Elm"), (["Birch", "Elm", "Oak"], "Birch, Elm and Oak")],
)
def test_names_are_joined_as_in_a_sentence(names, joined):
    assert text.join_names(names) == joined


@pytest.mark.parametrize(("number", "counted"), [(0, "0 agencies"), (1, "1 agency"), (2, "2 agencies")])
def test_a_number_has_its_noun(number, counted):
    assert text.pluralize(number, "agency", "agencies") == counted


def test_times_are_slack_dates_with_a_written_fallback():
    at = datetime(2026, 12, 5, 0, 0, tzinfo=UTC)
    shown = "Fri, Dec 4, 2026, 5:00 PM MST"
    assert text.format_time(at, "America/Denver") == shown
    assert (
        text.slack_date(at, "America/Denver") == f"<!date^{int(at.timestamp())}^{{date_long_pretty}}, {{time}}|{shown}>"
    )


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("America/New_York", "America/New York"),
        ("Etc/GMT-2", "UTC+2"),
        ("Etc/GMT+11", "UTC-11"),
        ("Etc/GMT", "UTC"),
        ("Etc/GMT0", "Etc/GMT0"),
        ("Etc/GMT+0", "UTC"),
        ("UTC", "UTC"),
        ("Etc/Greenwich", "Etc/Greenwich"),
    ],
)
def test_a_time_zone_is_written_as_people_type_it(zone, shown):
    assert text.format_zone(zone) == shown
    assert dates.find_time_zone(shown) is not None


@pytest.mark.parametrize(
    ("line", "stripped"),
    [
        ("1. Adopt the calendar", "Adopt the calendar"),
        ("2) Adopt the calendar", "Adopt the calendar"),
        ("(3) Adopt the calendar", "Adopt the calendar"),
        ("- 4. Adopt the calendar", "Adopt the calendar"),
        ("• Adopt the calendar", "Adopt the calendar"),
        ("–Adopt the calendar", "Adopt the calendar"),
        ("5.Adopt the calendar", "Adopt the calendar"),
        ("6 – Adopt the calendar", "Adopt the calendar"),
        ("7: Adopt the calendar", "Adopt the calendar"),
        ("8.", ""),
        ("a) Adopt the calendar", "Adopt the calendar"),
        ("(b) Adopt the calendar", "Adopt the calendar"),
        ("iv. Adopt the calendar", "Adopt the calendar"),
        ("i.e. all schools", "i.e. all schools"),
        ("4: 30 PM is the new time", "4: 30 PM is the new time"),
        ("#6 is withdrawn", "#6 is withdrawn"),
        ("1.5 hours for each school", "1.5 hours for each school"),
        ("5 laptops for Elm", "5 laptops for Elm"),
        ("5 - 7 grade meets on Monday", "5 - 7 grade meets on Monday"),
        ("8:30 is when we begin", "8:30 is when we begin"),
        ("2026. A year to remember", "2026. A year to remember"),
        ("-5 degrees is too cold", "-5 degrees is too cold"),
        ("*Adopt* the calendar", "*Adopt* the calendar"),
        ("", ""),
    ],
)
def test_the_number_and_bullet_of_a_typed_line_are_removed_and_amounts_stay(line, stripped):
    assert text.strip_list_marker(line) == stripped


@pytest.mark.parametrize(
    ("lines", "stripped"),
    [
        (["1. Monday", "2. Tuesday"], ["Monday", "Tuesday"]),
        (["1) Monday", "2) Tuesday"], ["Monday", "Tuesday"]),
        (["a) Monday", "b) Tuesday"], ["Monday", "Tuesday"]),
        (["- Monday", "- Tuesday"], ["Monday", "Tuesday"]),
        (["• 1. Monday", "• 2. Tuesday"], ["Monday", "Tuesday"]),
        (["1. Monday", "Tuesday"], ["1. Monday", "Tuesday"]),
        (["2. Monday", "1. Tuesday"], ["2. Monday", "1. Tuesday"]),
        (["1. Dec", "2. Dec"], ["1. Dec", "2. Dec"]),
        (["5 laptops", "6 laptops"], ["5 laptops", "6 laptops"]),
        (["1:30 PM", "2:30 PM"], ["1:30 PM", "2:30 PM"]),
        (["1: 30 PM", "2: 30 PM"], ["1: 30 PM", "2: 30 PM"]),
        (["1.", "2."], ["1.", "2."]),
        (["1.5 hours", "2.5 hours"], ["1.5 hours", "2.5 hours"]),
        ([], []),
    ],
)
def test_numbers_are_removed_only_where_each_line_of_a_list_has_its_own(lines, stripped):
    assert text.strip_numbering(lines) == stripped


def test_a_line_that_is_added_to_a_list_may_have_the_next_number():
    assert text.strip_numbering(["3. Friday"], 3) == ["Friday"]
    assert text.strip_numbering(["5. Dec"], 3) == ["5. Dec"]
