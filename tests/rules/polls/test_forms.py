"""The form of a ballot gives back the ballot that it shows, and labels can be told apart."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.payload import Payload
from handlers.polls import forms
from handlers.polls.labels import short_labels
from handlers.polls.parsing import parse_ballot_form
from handlers.polls.rules import POINTS
from storage.vocabulary import PollKind
from tests.rules.polls.test_ranked_by_hand import poll

LETTERS = "ABCDEFGHIJKL"


def submitted(view):
    """Return the ballot form as Slack sends it if nobody changes anything."""
    values = {}
    for block in view["blocks"]:
        element = block.get("element")
        if element is not None:
            state = {
                "value": element.get("initial_value"),
                "selected_option": element.get("initial_option"),
                "selected_options": element.get("initial_options"),
            }
            values[block["block_id"]] = {"value": state}
    return Payload({"view": {"state": {"values": values}}})


@st.composite
def ballots(draw):
    """Return a kind, the number of options, and a ballot that need not name all of them."""
    kind, count = draw(st.sampled_from(PollKind)), draw(st.integers(2, 12))
    places = draw(st.permutations(range(1, count + 1)))[: draw(st.integers(1, count))]
    if kind is PollKind.RANKED:
        return kind, count, {place: rank for rank, place in enumerate(places, 1)}
    if kind is PollKind.ONE:
        return kind, count, {places[0]: 1}
    if kind is PollKind.SEVERAL:
        return kind, count, dict.fromkeys(places, 1)
    most = {PollKind.TIME: 2, PollKind.SCORE: POINTS}.get(kind, 9)
    return kind, count, {place: draw(st.integers(0, most)) for place in places}


@given(ballots())
def test_a_form_that_nobody_changes_gives_back_the_ballot(drawn):
    kind, count, own = drawn
    shown = poll(LETTERS[:count], [], kind=kind, most=count if kind is PollKind.SEVERAL else 99)
    view = forms.ballot_form(shown, own, "America/Denver", {})
    assert parse_ballot_form(submitted(view), kind, list(range(1, count + 1))) == own


def ranks(count, own):
    shown = poll(LETTERS[:count], [])
    view = forms.ballot_form(shown, {place: place for place in range(1, own + 1)}, "America/Denver", {})
    return len([block for block in view["blocks"] if block.get("element")]), "To rank more than" in str(view)


def test_the_form_has_a_rank_for_each_option_that_a_long_ranking_left_out():
    assert ranks(4, 0) == (4, False)
    assert ranks(12, 0) == (7, True)
    assert ranks(12, 6) == (7, True)
    assert ranks(12, 7) == (12, False)
    assert ranks(12, 9) == (12, False)


@given(st.lists(st.text("ab ", min_size=1, max_size=100), min_size=2, max_size=12, unique=True))
def test_labels_that_are_cut_can_be_told_apart(labels):
    options = dict(enumerate(labels, 1))
    short = short_labels(options, 75)
    assert len(set(short.values())) == len(labels)
    assert all(len(label) <= 75 for label in short.values())


def test_labels_are_numbered_only_if_they_look_the_same():
    assert short_labels({1: "Monday", 2: "Tuesday"}, 75) == {1: "Monday", 2: "Tuesday"}
    long = "The same beginning " * 5
    assert short_labels({1: long + "A", 2: long + "B"}, 22) == {
        1: "1. The same beginning…",
        2: "2. The same beginning…",
    }
