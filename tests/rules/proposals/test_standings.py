"""What an agency's positions amount to, and how a proposal counts them.

Ben represents the agency, and Dan is the alternate.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.proposals.rules import Standing, Statement, agency_standing, stances, tally_agencies
from storage.vocabulary import AgencyId, Rule, Stance
from tests.rules.kit.test_representation import (
    AGREE,
    ASIDE,
    BEN,
    BLOCK,
    BOTH,
    CLEO,
    DAN,
    EVA,
    MEMBER,
    NOBODY,
    REPRESENTATIVE,
    position,
)

RESERVATIONS, YES, YES_RESERVATIONS = Stance.RESERVATIONS, Stance.YES, Stance.YES_RESERVATIONS


def side_by_side(*stances):
    people = (BEN, CLEO, DAN, EVA)
    return [
        Statement(stance, "", position(who, MEMBER, n, sole=True))
        for n, (who, stance) in enumerate(zip(people, stances, strict=False))
    ]


def test_people_who_agree_make_one_position():
    result = agency_standing(side_by_side(AGREE, AGREE), NOBODY)
    assert (result.stance, result.divided, result.heard) == (AGREE, False, True)


def test_people_who_differ_make_a_divided_agency_that_is_heard_and_takes_no_side():
    result = agency_standing(side_by_side(AGREE, ASIDE), NOBODY)
    assert (result.stance, result.divided, result.heard, result.blocks) == (None, True, True, False)


@pytest.mark.parametrize(("outright", "reserved"), [(AGREE, RESERVATIONS), (YES, YES_RESERVATIONS)])
def test_people_of_whom_some_agree_with_reservations_agree_with_reservations(outright, reserved):
    for said in ([outright, reserved], [reserved, outright, outright]):
        result = agency_standing(side_by_side(*said), NOBODY)
        assert (result.stance, result.divided, len(result.own)) == (reserved, False, len(said))


@given(st.sampled_from(Rule).flatmap(lambda rule: st.lists(st.sampled_from(stances(rule)), min_size=1, max_size=4)))
def test_an_agency_is_divided_exactly_if_its_people_take_more_than_one_side(said):
    sides = {YES_RESERVATIONS: YES, RESERVATIONS: AGREE}
    result = agency_standing(side_by_side(*said), NOBODY)
    assert result.divided == (len({sides.get(stance, stance) for stance in said}) > 1)
    assert (result.stance is None) == result.divided
    assert result.stance is None or result.stance in said


def test_a_block_within_a_divided_agency_stands():
    result = agency_standing(side_by_side(AGREE, BLOCK), NOBODY)
    assert (result.stance, result.divided, result.blocks) == (None, True, True)


def test_a_block_within_a_divided_agency_ends_when_its_maker_lifts_it():
    result = agency_standing(side_by_side(AGREE, AGREE), NOBODY)
    assert not result.blocks


def test_an_agency_without_positions_is_silent():
    result = agency_standing([], BOTH)
    assert (result.stance, result.divided, result.heard, result.blocks) == (None, False, False, False)


def test_a_voice_that_blocks_is_no_block_and_is_shown_as_a_voice():
    positions = [
        Statement(AGREE, "", position(BEN, REPRESENTATIVE, 1)),
        Statement(BLOCK, "no", position(CLEO, MEMBER, 2)),
    ]
    result = agency_standing(positions, BOTH)
    assert (result.stance, result.blocks, result.own, result.voices) == (AGREE, False, positions[:1], positions[1:])


def test_voices_alone_leave_an_agency_silent():
    result = agency_standing([Statement(BLOCK, "no", position(CLEO, MEMBER, 2))], BOTH)
    assert (result.heard, result.blocks, len(result.voices)) == (False, False, 1)


def test_every_agency_of_the_electorate_is_counted_once():
    result = tally_agencies(
        {
            AgencyId(1): agency_standing(side_by_side(AGREE, AGREE, AGREE), NOBODY),
            AgencyId(2): agency_standing(side_by_side(AGREE, BLOCK), NOBODY),
            AgencyId(3): agency_standing(side_by_side(BLOCK), NOBODY),
            AgencyId(4): Standing(),
        }
    )
    assert result.counts == {AGREE: 1, BLOCK: 1}
    assert (result.electorate, result.heard, result.divided, result.blocks) == (4, 3, 1, 2)
