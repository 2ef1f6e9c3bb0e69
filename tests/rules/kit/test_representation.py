"""Who speaks for an agency: Ben represents it, Dan is the alternate, Cleo and Eva are its people."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.representation import Named, speaking
from storage.vocabulary import MemberId, Seat, Stance

BEN, CLEO, DAN, EVA = (MemberId(n) for n in (1, 2, 3, 4))
NAMES = {BEN: "Ben", CLEO: "Cleo", DAN: "Dan", EVA: "Eva"}
MEMBER, ALTERNATE, REPRESENTATIVE = Seat.MEMBER, Seat.ALTERNATE, Seat.REPRESENTATIVE
AGREE, BLOCK, ASIDE = Stance.AGREE, Stance.BLOCK, Stance.ASIDE
BEGIN = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
NOBODY = Named()
BOTH = Named(BEN, DAN)


@dataclass(frozen=True)
class GivenPosition:
    """A position of a person."""

    member_id: MemberId
    seat: Seat
    said_at: datetime
    vacated_at: datetime | None = None
    sole: bool = False


def position(who, seat, hour, gone=None, *, sole=False):
    """Return a position. `hour` and `gone` count from the beginning; `gone` is when the seat was given up."""
    left = None if gone is None else BEGIN + timedelta(hours=gone)
    return GivenPosition(who, seat, BEGIN + timedelta(hours=hour), left, sole)


@pytest.mark.parametrize(
    ("positions", "named", "speakers"),
    [
        pytest.param([], BOTH, [], id="an agency whose people took no position is silent"),
        pytest.param([position(BEN, REPRESENTATIVE, 1)], BOTH, ["Ben"], id="the representative speaks"),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1), position(DAN, ALTERNATE, 2)],
            BOTH,
            ["Ben"],
            id="the representative speaks even where the alternate spoke later",
        ),
        pytest.param([position(DAN, ALTERNATE, 1)], BOTH, ["Dan"], id="else the alternate speaks"),
        pytest.param([position(CLEO, MEMBER, 1)], BOTH, [], id="others are voices and count for nothing"),
        pytest.param(
            [position(DAN, ALTERNATE, 1), position(CLEO, MEMBER, 2)],
            Named(None, DAN),
            ["Dan"],
            id="where only an alternate is named the alternate speaks",
        ),
        pytest.param(
            [position(CLEO, MEMBER, 1)], Named(None, DAN), [], id="where only an alternate is named others are voices"
        ),
        pytest.param(
            [position(CLEO, MEMBER, 1, sole=True), position(EVA, MEMBER, 2, sole=True)],
            NOBODY,
            ["Cleo", "Eva"],
            id="where nobody is named any of its people speak",
        ),
        pytest.param(
            [position(CLEO, MEMBER, 1, sole=True), position(BEN, REPRESENTATIVE, 2)],
            BOTH,
            ["Ben"],
            id="a named person who speaks replaces those who spoke while nobody was named",
        ),
        pytest.param(
            [position(CLEO, MEMBER, 1, sole=True)],
            BOTH,
            ["Cleo"],
            id="what was stated while nobody was named stays until the named person speaks",
        ),
        pytest.param(
            [position(CLEO, MEMBER, 1, sole=True), position(EVA, MEMBER, 2)],
            BOTH,
            ["Cleo"],
            id="a voice beside somebody named does not change what the agency said before",
        ),
        pytest.param(
            [position(CLEO, MEMBER, 1, 2, sole=True)],
            NOBODY,
            ["Cleo"],
            id="what a member stated alone stays after they leave",
        ),
    ],
)
def test_who_speaks(positions, named, speakers):
    assert [NAMES[s.member_id] for s in speaking(positions, named)] == speakers


@pytest.mark.parametrize(
    ("positions", "named", "speakers"),
    [
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2)], NOBODY, ["Ben"], id="what a representative said stays after leaving"
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2)],
            Named(EVA, DAN),
            ["Ben"],
            id="what a representative said stays after being replaced",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(EVA, REPRESENTATIVE, 3)],
            Named(EVA, DAN),
            ["Eva"],
            id="the successor changes it by speaking",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(DAN, ALTERNATE, 3)],
            Named(None, DAN),
            ["Dan"],
            id="the alternate changes it by speaking afterwards",
        ),
        pytest.param(
            [position(DAN, ALTERNATE, 0), position(BEN, REPRESENTATIVE, 1, 2)],
            Named(None, DAN),
            ["Ben"],
            id="an alternate who spoke before does not change it",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 0, 2), position(DAN, ALTERNATE, 1)],
            Named(None, DAN),
            ["Ben"],
            id="an alternate who spoke while the representative was there does not change it",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(CLEO, MEMBER, 3)],
            Named(EVA),
            ["Ben"],
            id="a voice does not change it",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(CLEO, MEMBER, 3, sole=True)],
            NOBODY,
            ["Cleo"],
            id="where nobody is named any of its people change it",
        ),
        pytest.param(
            [position(CLEO, MEMBER, 0), position(BEN, REPRESENTATIVE, 1, 2)],
            NOBODY,
            ["Ben"],
            id="a voice from before does not change it where nobody is named any more",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(CLEO, MEMBER, 3, sole=True)],
            Named(EVA),
            ["Cleo"],
            id="naming a successor who has not spoken does not bring the former position back",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(DAN, ALTERNATE, 3, 4)],
            NOBODY,
            ["Dan"],
            id="the alternate's change stays after the alternate has gone too",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(DAN, ALTERNATE, 3, 4)],
            Named(EVA),
            ["Dan"],
            id="the alternate's change stays after both were replaced",
        ),
        pytest.param(
            [position(DAN, ALTERNATE, 0, 4), position(BEN, REPRESENTATIVE, 1, 2)],
            NOBODY,
            ["Ben"],
            id="an alternate who spoke before and left later changes nothing",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(EVA, REPRESENTATIVE, 3, 4)],
            NOBODY,
            ["Eva"],
            id="of two former representatives the later one's position stands",
        ),
        pytest.param(
            [position(DAN, ALTERNATE, 1, 2)], Named(BEN, EVA), ["Dan"], id="what an alternate said stays after leaving"
        ),
        pytest.param(
            [position(DAN, ALTERNATE, 1, 3), position(BEN, REPRESENTATIVE, 2)],
            Named(BEN, EVA),
            ["Ben"],
            id="a representative speaks over a former alternate",
        ),
        pytest.param(
            [position(DAN, ALTERNATE, 1, 2)],
            Named(DAN),
            ["Dan"],
            id="an alternate who becomes representative keeps the position",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2)],
            Named(EVA, BEN),
            ["Ben"],
            id="a representative who becomes alternate keeps the position",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2)],
            Named(BEN),
            ["Ben"],
            id="one who went to another agency and came back keeps the position",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(DAN, ALTERNATE, 3)],
            Named(BEN, DAN),
            ["Dan"],
            id="one who came back as representative does not undo what the agency said meanwhile",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 1, 2), position(EVA, REPRESENTATIVE, 3, 4)],
            Named(BEN),
            ["Eva"],
            id="one who came back does not bring back a position that the successor has changed",
        ),
        pytest.param(
            [position(BEN, REPRESENTATIVE, 5), position(EVA, REPRESENTATIVE, 3, 4)],
            Named(BEN),
            ["Ben"],
            id="one who came back changes it by speaking",
        ),
        pytest.param(
            [position(DAN, ALTERNATE, 0, 4), position(BEN, REPRESENTATIVE, 1, 2)],
            Named(DAN),
            ["Ben"],
            id="an alternate who is named representative does not bring back a position that was overruled",
        ),
        pytest.param(
            [position(CLEO, MEMBER, 0, 2, sole=True), position(EVA, MEMBER, 1, sole=True)],
            Named(CLEO),
            ["Cleo", "Eva"],
            id="a member who is named has to speak again to speak alone",
        ),
    ],
)
def test_positions_stay_until_the_agency_changes_them(positions, named, speakers):
    assert [NAMES[s.member_id] for s in speaking(positions, named)] == speakers


seats = st.sampled_from(Seat)
hours = st.integers(0, 20)


@st.composite
def histories(draw):
    positions = []
    for who in draw(st.lists(st.sampled_from([BEN, CLEO, DAN, EVA]), unique=True)):
        seat = draw(seats)
        hour = draw(hours)
        gone = hour + draw(hours) if draw(st.booleans()) else None
        positions.append(position(who, seat, hour, gone, sole=seat is MEMBER and draw(st.booleans())))
    people = st.sampled_from([None, BEN, CLEO, DAN, EVA])
    return positions, Named(draw(people), draw(people))


@given(histories())
def test_an_agency_s_own_positions_are_among_those_given_and_the_representative_comes_first(history):
    positions, named = history
    own = speaking(positions, named)
    assert all(any(o is w for w in positions) for o in own)
    current = {w.member_id for w in positions if w.vacated_at is None}
    if named.representative in current:
        assert [o.member_id for o in own] == [named.representative]
    if named.nobody and positions:
        assert own
    if any(w.sole or (w.vacated_at and w.seat is not MEMBER) for w in positions):
        assert own


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_positions_does_not_matter(history, random):
    positions, named = history
    moments = [w.vacated_at for w in positions if w.vacated_at]
    shuffled = list(positions)
    random.shuffle(shuffled)
    if len(set(moments)) == len(moments):
        assert {o.member_id for o in speaking(positions, named)} == {o.member_id for o in speaking(shuffled, named)}


def test_an_agency_has_nobody_named_only_without_representative_and_alternate():
    assert (NOBODY.nobody, BOTH.nobody, Named(None, DAN).nobody) == (True, False, False)
