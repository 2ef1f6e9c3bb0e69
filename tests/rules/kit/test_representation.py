"""Who speaks for an agency: Ben represents it, Dan is the alternate, Cleo and Eva are its people."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.representation import Named, speaking
from handlers.proposals.rules import Standing, Statement, agency_standing, tally_agencies
from storage.vocabulary import AgencyId, MemberId, Seat, Stance

BEN, CLEO, DAN, EVA = (MemberId(n) for n in (1, 2, 3, 4))
NAMES = {BEN: "Ben", CLEO: "Cleo", DAN: "Dan", EVA: "Eva"}
MEMBER, ALTERNATE, REPRESENTATIVE = Seat.MEMBER, Seat.ALTERNATE, Seat.REPRESENTATIVE
AGREE, BLOCK, ASIDE = Stance.AGREE, Stance.BLOCK, Stance.ASIDE
BEGIN = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
NOBODY = Named()
BOTH = Named(BEN, DAN)


@dataclass(frozen=True)
class Said:
    """One word: hours are counted from the beginning."""

    member_id: MemberId
    seat: Seat
    said_at: datetime
    vacated_at: datetime | None = None
    sole: bool = False


def said(who, seat, hour, gone=None, *, sole=False):
    left = None if gone is None else BEGIN + timedelta(hours=gone)
    return Said(who, seat, BEGIN + timedelta(hours=hour), left, sole)


@pytest.mark.parametrize(
    ("words", "named", "speakers"),
    [
        pytest.param([], BOTH, [], id="an agency whose people said nothing is silent"),
        pytest.param([said(BEN, REPRESENTATIVE, 1)], BOTH, ["Ben"], id="the representative speaks"),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1), said(DAN, ALTERNATE, 2)],
            BOTH,
            ["Ben"],
            id="the representative speaks even where the alternate spoke later",
        ),
        pytest.param([said(DAN, ALTERNATE, 1)], BOTH, ["Dan"], id="else the alternate speaks"),
        pytest.param([said(CLEO, MEMBER, 1)], BOTH, [], id="others are voices and count for nothing"),
        pytest.param(
            [said(DAN, ALTERNATE, 1), said(CLEO, MEMBER, 2)],
            Named(None, DAN),
            ["Dan"],
            id="where only an alternate is named the alternate speaks",
        ),
        pytest.param(
            [said(CLEO, MEMBER, 1)], Named(None, DAN), [], id="where only an alternate is named others are voices"
        ),
        pytest.param(
            [said(CLEO, MEMBER, 1, sole=True), said(EVA, MEMBER, 2, sole=True)],
            NOBODY,
            ["Cleo", "Eva"],
            id="where nobody is named any of its people speak",
        ),
        pytest.param(
            [said(CLEO, MEMBER, 1, sole=True), said(BEN, REPRESENTATIVE, 2)],
            BOTH,
            ["Ben"],
            id="who is named and speaks replaces those who spoke while nobody was named",
        ),
        pytest.param(
            [said(CLEO, MEMBER, 1, sole=True)],
            BOTH,
            ["Cleo"],
            id="what was said while nobody was named stays until who is named speaks",
        ),
        pytest.param(
            [said(CLEO, MEMBER, 1, sole=True), said(EVA, MEMBER, 2)],
            BOTH,
            ["Cleo"],
            id="a voice beside somebody named does not change what the agency said before",
        ),
        pytest.param(
            [said(CLEO, MEMBER, 1, 2, sole=True)],
            NOBODY,
            ["Cleo"],
            id="what one of its people said alone stays after they left",
        ),
    ],
)
def test_who_speaks(words, named, speakers):
    assert [NAMES[s.member_id] for s in speaking(words, named)] == speakers


@pytest.mark.parametrize(
    ("words", "named", "speakers"),
    [
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2)], NOBODY, ["Ben"], id="what a representative said stays after leaving"
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2)],
            Named(EVA, DAN),
            ["Ben"],
            id="what a representative said stays after being replaced",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2), said(EVA, REPRESENTATIVE, 3)],
            Named(EVA, DAN),
            ["Eva"],
            id="the successor changes it by speaking",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2), said(DAN, ALTERNATE, 3)],
            Named(None, DAN),
            ["Dan"],
            id="the alternate changes it by speaking afterwards",
        ),
        pytest.param(
            [said(DAN, ALTERNATE, 0), said(BEN, REPRESENTATIVE, 1, 2)],
            Named(None, DAN),
            ["Ben"],
            id="an alternate who spoke before does not change it",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 0, 2), said(DAN, ALTERNATE, 1)],
            Named(None, DAN),
            ["Ben"],
            id="an alternate who spoke while the representative was there does not change it",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2), said(CLEO, MEMBER, 3)],
            Named(EVA),
            ["Ben"],
            id="a voice does not change it",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2), said(CLEO, MEMBER, 3, sole=True)],
            NOBODY,
            ["Cleo"],
            id="where nobody is named any of its people change it",
        ),
        pytest.param(
            [said(CLEO, MEMBER, 0), said(BEN, REPRESENTATIVE, 1, 2)],
            NOBODY,
            ["Ben"],
            id="a voice from before does not change it where nobody is named any more",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2), said(CLEO, MEMBER, 3, sole=True)],
            Named(EVA),
            ["Cleo"],
            id="naming a successor who has not spoken does not bring the former word back",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2), said(DAN, ALTERNATE, 3, 4)],
            NOBODY,
            ["Dan"],
            id="the alternate's change stays after the alternate has gone too",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2), said(DAN, ALTERNATE, 3, 4)],
            Named(EVA),
            ["Dan"],
            id="the alternate's change stays after both were replaced",
        ),
        pytest.param(
            [said(DAN, ALTERNATE, 0, 4), said(BEN, REPRESENTATIVE, 1, 2)],
            NOBODY,
            ["Ben"],
            id="an alternate who spoke before and left later changes nothing",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2), said(EVA, REPRESENTATIVE, 3, 4)],
            NOBODY,
            ["Eva"],
            id="of two former representatives the later one's word stands",
        ),
        pytest.param(
            [said(DAN, ALTERNATE, 1, 2)], Named(BEN, EVA), ["Dan"], id="what an alternate said stays after leaving"
        ),
        pytest.param(
            [said(DAN, ALTERNATE, 1, 3), said(BEN, REPRESENTATIVE, 2)],
            Named(BEN, EVA),
            ["Ben"],
            id="a representative speaks over a former alternate",
        ),
        pytest.param(
            [said(DAN, ALTERNATE, 1, 2)],
            Named(DAN),
            ["Dan"],
            id="an alternate who becomes representative keeps the word",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2)],
            Named(EVA, BEN),
            ["Ben"],
            id="a representative who becomes alternate keeps the word",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2)],
            Named(BEN),
            ["Ben"],
            id="one who went to another agency and came back keeps the word",
        ),
        pytest.param(
            [said(BEN, REPRESENTATIVE, 1, 2), said(DAN, ALTERNATE, 3)],
            Named(BEN, DAN),
            ["Ben"],
            id="one who came back as representative speaks again, whoever spoke meanwhile",
        ),
    ],
)
def test_what_was_said_stays_until_the_agency_changes_it(words, named, speakers):
    assert [NAMES[s.member_id] for s in speaking(words, named)] == speakers


seats = st.sampled_from(Seat)
hours = st.integers(0, 20)


@st.composite
def histories(draw):
    words = []
    for who in draw(st.lists(st.sampled_from([BEN, CLEO, DAN, EVA]), unique=True)):
        seat = draw(seats)
        hour = draw(hours)
        gone = hour + draw(hours) if draw(st.booleans()) else None
        words.append(said(who, seat, hour, gone, sole=seat is MEMBER and draw(st.booleans())))
    people = st.sampled_from([None, BEN, CLEO, DAN, EVA])
    return words, Named(draw(people), draw(people))


@given(histories())
def test_the_agency_s_own_words_are_among_those_said_and_a_representative_comes_first(history):
    words, named = history
    own = speaking(words, named)
    assert all(any(o is w for w in words) for o in own)
    spoken = {w.member_id for w in words}
    if named.representative in spoken:
        assert [o.member_id for o in own] == [named.representative]
    if named.nobody and words:
        assert own
    if any(w.sole or (w.vacated_at and w.seat is not MEMBER) for w in words):
        assert own


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_words_are_listed_does_not_matter(history, random):
    words, named = history
    moments = [w.vacated_at for w in words if w.vacated_at]
    shuffled = list(words)
    random.shuffle(shuffled)
    if len(set(moments)) == len(moments):
        assert {o.member_id for o in speaking(words, named)} == {o.member_id for o in speaking(shuffled, named)}


# divided agencies --------------------------------------------------------------------------------------


def side_by_side(*stances):
    people = (BEN, CLEO, DAN, EVA)
    return [
        Statement(stance, "", said(who, MEMBER, n, sole=True))
        for n, (who, stance) in enumerate(zip(people, stances, strict=False))
    ]


def test_people_who_say_the_same_make_one_position():
    found = agency_standing(side_by_side(AGREE, AGREE), NOBODY)
    assert (found.stance, found.divided, found.heard) == (AGREE, False, True)


def test_people_who_differ_make_a_divided_agency_that_is_heard_and_takes_no_side():
    found = agency_standing(side_by_side(AGREE, ASIDE), NOBODY)
    assert (found.stance, found.divided, found.heard, found.blocks) == (None, True, True, False)


def test_a_block_within_a_divided_agency_stands():
    found = agency_standing(side_by_side(AGREE, BLOCK), NOBODY)
    assert (found.stance, found.divided, found.blocks) == (None, True, True)


def test_a_block_within_a_divided_agency_ends_when_its_maker_lifts_it():
    found = agency_standing(side_by_side(AGREE, AGREE), NOBODY)
    assert not found.blocks


def test_an_agency_that_said_nothing_is_silent():
    found = agency_standing([], BOTH)
    assert (found.stance, found.divided, found.heard, found.blocks) == (None, False, False, False)


def test_a_voice_that_blocks_is_no_block_and_is_shown_as_a_voice():
    words = [Statement(AGREE, "", said(BEN, REPRESENTATIVE, 1)), Statement(BLOCK, "no", said(CLEO, MEMBER, 2))]
    found = agency_standing(words, BOTH)
    assert (found.stance, found.blocks, found.own, found.voices) == (AGREE, False, words[:1], words[1:])


def test_voices_alone_leave_an_agency_silent():
    found = agency_standing([Statement(BLOCK, "no", said(CLEO, MEMBER, 2))], BOTH)
    assert (found.heard, found.blocks, len(found.voices)) == (False, False, 1)


def test_every_agency_of_the_electorate_is_counted_once():
    found = tally_agencies(
        {
            AgencyId(1): agency_standing(side_by_side(AGREE, AGREE, AGREE), NOBODY),
            AgencyId(2): agency_standing(side_by_side(AGREE, BLOCK), NOBODY),
            AgencyId(3): agency_standing(side_by_side(BLOCK), NOBODY),
            AgencyId(4): Standing(),
        }
    )
    assert found.counts == {AGREE: 1, BLOCK: 1}
    assert (found.electorate, found.heard, found.divided, found.blocks) == (4, 3, 1, 2)


def test_an_agency_has_nobody_named_only_without_representative_and_alternate():
    assert (NOBODY.nobody, BOTH.nobody, Named(None, DAN).nobody) == (True, False, False)
