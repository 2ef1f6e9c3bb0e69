"""Mentions in what people write are kept with names."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.command_text import parse, unwrap
from handlers.kit.mentions import link_names, mentioned_people, show_names, unnamed_channels


@dataclass(frozen=True)
class Person:
    name: str


NAMES = {"U1": "Ben Ortiz", "U2": "Cleo Marchetti", "U3": "Al & Co <b>"}
PEOPLE = [Person(name) for name in ("Ben Ortiz", "Cleo Marchetti", "Ann Lee", "Ann Adler", "Seán O’Neil", "Jo van Dam")]


def shown(text, *, escaped=False):
    return show_names(link_names(text, NAMES, {"C1": "#steering"}, PEOPLE, escaped=escaped))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        pytest.param("<@U1>", "Ben Ortiz", id="an id"),
        pytest.param("<@U1|ben> and <@U2>", "Ben Ortiz and Cleo Marchetti", id="a handle and an id"),
        pytest.param("<@U9|hana>", "hana", id="somebody unknown with a handle"),
        pytest.param("<@U9>", "somebody", id="somebody unknown"),
        pytest.param("see <#C7|council>", "see #council", id="a channel"),
        pytest.param("see <#C1|>", "see #steering", id="a private channel"),
        pytest.param("see <#C8|> or <#C9>", "see a channel or a channel", id="unknown channels"),
        pytest.param("ask <!subteam^S1|@stewards>", "ask @stewards", id="a user group"),
        pytest.param("ask <!subteam^S1>", "ask a group", id="a user group without a name"),
        pytest.param("@ben leads", "Ben Ortiz leads", id="a first name that Slack did not link"),
        pytest.param("@BEN ortiz leads", "Ben Ortiz leads", id="a whole name"),
        pytest.param("@Ben  Ortiz", "Ben Ortiz", id="a whole name with two spaces"),
        pytest.param("@jo van dam, then @ben.", "Jo van Dam, then Ben Ortiz.", id="three words, and punctuation"),
        pytest.param("(@ben) “@cleo”", "(Ben Ortiz) “Cleo Marchetti”", id="in brackets and quotes"),
        pytest.param("@ben's and @cleo’s plan", "Ben Ortiz's and Cleo Marchetti’s plan", id="possessive"),
        pytest.param("@sea\u0301n o'neil", "Seán O’Neil", id="as it looks"),
        pytest.param("@ann", "@ann", id="a first name of two people"),
        pytest.param("@ann lee", "Ann Lee", id="the whole name of one of them"),
        pytest.param("@ann lees", "@ann lees", id="a name that goes on"),
        pytest.param("@zed @here @ben", "@zed @here Ben Ortiz", id="nobody, everybody, somebody"),
        pytest.param("ben@elm.example", "ben@elm.example", id="an address"),
        pytest.param("https://x.example/@ben", "https://x.example/@ben", id="a link"),
        pytest.param("3 @ 5", "3 @ 5", id="a sign"),
        pytest.param("<@U3>", "Al & Co b", id="a name with signs"),
    ],
)
def test_mentions_become_names(typed, text):
    assert shown(typed) == text


def test_a_name_with_signs_is_escaped_once_in_what_slack_has_escaped():
    assert unwrap(link_names("A &amp; B <@U3>", NAMES, {}, PEOPLE, escaped=True)) == "A & B Al & Co b"


@given(st.text(alphabet="ab @<>|#!U1C9\"'“” .,'s", max_size=60))
def test_no_id_remains_and_names_are_given_once(text):
    once = link_names(text, NAMES, {}, PEOPLE)
    assert link_names(once, NAMES, {}, PEOPLE) == once
    assert not mentioned_people(show_names(once)) or "<@" not in text
    assert all(f"<@{id_}" not in show_names(once) for id_ in NAMES)


def test_what_has_to_be_asked():
    assert mentioned_people("<@U1|ben> <@U2> <@U1> <@ben|Ben>") == ["U1", "U2"]
    assert unnamed_channels("<#C1|a> <#C2|> <#C3> <#C2|>") == ["C2", "C3"]


# in commands -------------------------------------------------------------------------------------------


def command(raw):
    return parse(link_names(raw, NAMES, {}, PEOPLE, escaped=True), ("why", "notes"))


def test_a_commands_words_show_names_and_remember_who_was_meant():
    typed = command('add "Call <@U1|ben> and @cleo" <@U2|cleo> why:"ask <@U1|ben>" notes:<@U2|cleo> @ben ortiz too')
    assert typed.quoted == ["Call Ben Ortiz and Cleo Marchetti"]
    assert typed.people == ("U1", "U2")
    assert typed.options == {"why": "ask Ben Ortiz", "notes": "Cleo Marchetti"}
    assert typed.typed_options["notes"] == "@U2"
    assert [word.typed for word in typed.words[2:]] == ["@U2", "@ben", "Ortiz", "too"]
    assert typed.after(2) == "Cleo Marchetti Ben Ortiz too"
    assert typed.plain == ["add", "@ben", "ortiz", "too"]
    assert "U1" not in typed.text
    assert "U2" not in typed.text
