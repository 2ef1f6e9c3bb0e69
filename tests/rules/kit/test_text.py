"""Text for Slack: what people typed is hostile until it has been here."""

import html
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit import block_kit, text
from handlers.kit.command_text import read

hostile = st.text(st.one_of(st.characters(), st.sampled_from("<>&;@!|")), max_size=200)
limits = st.integers(1, 60)
HALF = re.compile(r"&(?!(amp|lt|gt);)")


@given(hostile)
def test_escaped_text_has_no_sign_that_slack_reads(typed):
    escaped = text.escape(typed)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not HALF.search(escaped)
    assert html.unescape(text.escape("&lt;!channel&gt;")) == "&lt;!channel&gt;"


@given(hostile)
def test_what_was_typed_and_read_cannot_mention_anybody_once_escaped(typed):
    found = read(text.escape(typed))
    for word in found.words:
        assert not re.search("[<>]", text.escape(word.text))


@given(hostile, limits)
def test_a_cut_text_never_exceeds_its_limit_and_begins_like_the_whole(typed, limit):
    short = text.cut(typed, limit)
    assert len(short) <= limit
    if len(typed) <= limit:
        assert short == typed
    else:
        assert short.endswith("…")
        assert typed.startswith(short[:-1])


@given(hostile, limits)
def test_a_section_never_exceeds_its_limit_and_never_leaves_half_an_entity(typed, limit):
    short = text.cut_escaped(text.escape(typed), limit)
    assert len(short) <= limit
    assert not HALF.search(short)


@given(hostile, limits)
def test_text_that_is_shortened_and_then_escaped_has_whole_entities(typed, limit):
    for made in (text.quote(typed, limit), text.bold(typed, limit), text.escape(text.cut(typed, limit))):
        assert not HALF.search(made)
        assert "<" not in made


def test_wherever_a_text_is_cut_its_entities_are_whole():
    whole = text.escape("R&D <now> & then >> &amp;")
    for limit in range(1, len(whole) + 1):
        short = text.cut_escaped(whole, limit)
        assert len(short) <= limit
        assert not HALF.search(short)


def test_a_section_never_leaves_half_a_link():
    link = "<https://elm.example/a|the page>"
    whole = f"see {link} and more"
    for limit in range(6, len(whole)):
        short = text.cut_escaped(whole, limit)
        assert short.count("<") == short.count(">")
        assert len(short) <= limit


def test_a_section_holds_what_slack_allows_and_mentions_nobody():
    made = block_kit.section("&amp;" * 1000).to_dict()
    assert len(made["text"]["text"]) <= block_kit.SECTION
    assert made["text"]["verbatim"] is True


@given(st.lists(st.text(st.characters(categories=["L"]), max_size=400), max_size=40))
def test_many_lines_are_put_into_sections_and_none_is_lost(given_lines):
    made = block_kit.chunks(given_lines, size=500)
    shown = "\n".join(block.text.text for block in made)
    assert shown == "\n".join(line for n, line in enumerate(given_lines) if line or any(given_lines[:n]))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  Elm  ", "Elm", id="spaces around"),
        pytest.param("El\x00m\x1b", "Elm", id="control characters"),
        pytest.param("Elm\u202egpj", "Elmgpj", id="what turns text around"),
        pytest.param("two\nlines", "two\nlines", id="lines stay"),
        pytest.param("👩‍🏫", "👩‍🏫", id="joined emoji stay"),
    ],
)
def test_what_is_no_text_is_taken_out(typed, kept):
    assert text.clean(typed) == kept


@pytest.mark.parametrize(
    ("part", "whole", "width"),
    [
        pytest.param(0, 10, 0, id="nothing is no bar"),
        pytest.param(1, 100, 1, id="little is one block"),
        pytest.param(5, 10, 5, id="half is half"),
        pytest.param(10, 10, 10, id="all is ten"),
        pytest.param(20, 10, 10, id="more than all is ten"),
        pytest.param(1, 0, 0, id="a part of nothing is no bar"),
    ],
)
def test_bars_read_on_a_phone(part, whole, width):
    assert text.bar(part, whole) == "█" * width


@pytest.mark.parametrize(
    ("names", "said"),
    [([], ""), (["Elm"], "Elm"), (["Birch", "Elm"], "Birch and Elm"), (["Birch", "Elm", "Oak"], "Birch, Elm and Oak")],
)
def test_names_are_listed_as_people_write_them(names, said):
    assert text.listed(names) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 agencies"), (1, "1 agency"), (2, "2 agencies")])
def test_numbers_go_with_their_words(number, said):
    assert text.counted(number, "agency", "agencies") == said


def test_moments_are_shown_to_each_reader_in_their_zone_and_written_out_for_the_rest():
    at = datetime(2026, 12, 5, 0, 0, tzinfo=UTC)
    shown = "Fri 4 Dec 2026, 17:00 (America/Denver)"
    assert text.written(at, "America/Denver") == shown
    assert text.moment(at, "America/Denver") == f"<!date^{int(at.timestamp())}^{{date_long_pretty}}, {{time}}|{shown}>"
