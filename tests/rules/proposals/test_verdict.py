"""Verdicts: sentences that explain outcomes."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.proposals import rules
from handlers.proposals.rules import Standing, Statement, Tally
from handlers.proposals.snapshot import ProposalSnapshot
from handlers.proposals.verdict import progress_text, tally_phrases, verdict_text
from storage.vocabulary import AgencyId, ProposalState, Rule, Stance
from tests.rules.kit.test_representation import NOBODY
from tests.rules.proposals.test_standings import side_by_side

AGREE, RESERVATIONS, ASIDE, BLOCK, ABSTAIN = rules.CONSENSUS_STANCES
YES, YES_RESERVATIONS, NO, _ = rules.VOTING_STANCES
AT = datetime(2026, 12, 4, tzinfo=UTC)
NAMES = ["Ash", "Cedar", "Elm", "Fir", "Hazel", "Birch", "Oak"]
SILENT = Standing()


def stands(stance):
    return Standing(stance, own=[Statement(stance, "because", spoken=object())])


def members_state(*stances):
    """Return what the members of an agency that has named nobody amount to."""
    return rules.agency_standing(side_by_side(*stances), NOBODY)


def snapshot(rule, *standings, needed=5, others_agree=True, tally=None):
    """Return a snapshot with these positions of agencies. The remaining agencies are silent."""
    by_agency = {}
    if tally is None:
        everybody = [s if isinstance(s, Standing) else stands(s) for s in standings]
        everybody += [SILENT] * (len(NAMES) - len(everybody))
        by_agency = {AgencyId(n): s for n, s in enumerate(everybody)}
    return ProposalSnapshot(
        number=12,
        title="Adopt the shared reading assessment",
        body="",
        author="Ana Reyes",
        author_user="U1",
        author_agency="Elm",
        rule=rule,
        state=ProposalState.OPEN,
        version=1,
        needed=needed,
        opens_at=AT,
        closes_at=AT,
        decided_at=None,
        extend_until=None,
        review_on=None,
        verdict="",
        zone="America/Denver",
        tally=tally or rules.tally_agencies(by_agency),
        others_agree=others_agree,
        standings=by_agency,
        agencies={AgencyId(n): name for n, name in enumerate(NAMES)},
    )


def heads(electorate, *said, rule=Rule.HEADS, needed=5):
    return snapshot(rule, needed=needed, tally=Tally(electorate, Counter(said)))


@pytest.mark.parametrize(
    ("proposal", "sentence"),
    [
        pytest.param(
            snapshot(Rule.CONSENSUS, *[AGREE] * 4, RESERVATIONS),
            "Adopted by consensus: 5 of 7 agencies heard (quorum 5), 4 agree, 1 with reservations, nobody blocks. "
            "Silent: Birch, Oak.",
            id="the example of the rules",
        ),
        pytest.param(
            snapshot(Rule.CONSENSUS, *[AGREE] * 5, ASIDE, ABSTAIN),
            "Adopted by consensus: 7 of 7 agencies heard (quorum 5), 5 agree, 1 stands aside (Birch), 1 abstains, "
            "nobody blocks.",
            id="agencies that stand aside are named, and if nobody is silent, silence is not mentioned",
        ),
        pytest.param(
            snapshot(Rule.CONSENSUS, *[AGREE] * 4, *[ASIDE] * 2),
            "Adopted by consensus: 6 of 7 agencies heard (quorum 5), 4 agree, 2 stand aside (Hazel, Birch), "
            "nobody blocks. Silent: Oak.",
            id="two agencies that stand aside are both named",
        ),
        pytest.param(
            snapshot(Rule.CONSENSUS, *[AGREE] * 4, BLOCK, ABSTAIN),
            "Not adopted by consensus, because a block stands: 6 of 7 agencies heard (quorum 5), 4 agree, 1 abstains, "
            "1 blocks (Hazel). Silent: Oak.",
            id="an agency that blocks is named",
        ),
        pytest.param(
            snapshot(Rule.CONSENSUS, *[AGREE] * 4, members_state(AGREE, BLOCK)),
            "Not adopted by consensus, because a block stands: 5 of 7 agencies heard (quorum 5), 4 agree, "
            "1 divided (Hazel, with a block). Silent: Birch, Oak.",
            id="a block within a divided agency is counted once, and the agency is named",
        ),
        pytest.param(
            snapshot(Rule.CONSENSUS, *[AGREE] * 2, *[ABSTAIN] * 3),
            "Not adopted by consensus, because fewer than half of those heard agree: 5 of 7 agencies heard (quorum 5), "
            "2 agree, 3 abstain, nobody blocks. Silent: Birch, Oak.",
            id="too few agree",
        ),
        pytest.param(
            snapshot(Rule.CONSENSUS, *[AGREE] * 4, *[ASIDE] * 3),
            "Not adopted by consensus, because too many stand aside: 7 of 7 agencies heard (quorum 5), 4 agree, "
            "3 stand aside (Hazel, Birch, Oak), nobody blocks.",
            id="too many stand aside",
        ),
        pytest.param(
            snapshot(Rule.CONSENSUS, *[AGREE] * 3, BLOCK),
            "Not decided, because the quorum was not reached: 4 of 7 agencies heard (quorum 5), 3 agree, "
            "1 blocks (Fir). Silent: Hazel, Birch, Oak.",
            id="below the quorum nothing is decided, and the block is shown",
        ),
        pytest.param(
            snapshot(Rule.CONSENT, AGREE),
            "Adopted by consent: 1 of 7 agencies heard, 1 agrees, nobody blocks. Silent, which counts as consent: "
            "Cedar, Elm, Fir, Hazel, Birch and Oak.",
            id="under consent silence is called consent and no quorum is named",
        ),
        pytest.param(
            snapshot(Rule.CONSENT, AGREE, others_agree=False),
            "Not adopted by consent, because no agency besides the author's agrees without reservations: "
            "1 of 7 agencies heard, 1 agrees, nobody blocks. "
            "Silent, which does not count against it: Cedar, Elm, Fir, Hazel, Birch and Oak.",
            id="consent with which no other agency agrees",
        ),
        pytest.param(
            snapshot(Rule.CONSENT, *[AGREE] * 4, *[ASIDE] * 3),
            "Not adopted by consent, because a third or more of all agencies stand aside: 7 of 7 agencies heard, "
            "4 agree, 3 stand aside (Hazel, Birch, Oak), nobody blocks.",
            id="consent with too many standing aside",
        ),
        pytest.param(
            snapshot(Rule.UNANIMITY, *[AGREE] * 6, RESERVATIONS),
            "Adopted by unanimity: 7 of 7 agencies heard (quorum 5), 6 agree, 1 with reservations, nobody blocks.",
            id="unanimity",
        ),
        pytest.param(
            snapshot(Rule.UNANIMITY, *[AGREE] * 6),
            "Not decided, because unanimity needs every agency: 6 of 7 agencies heard (quorum 5), 6 agree, "
            "nobody blocks. Silent: Oak.",
            id="unanimity with one silent agency",
        ),
        pytest.param(
            snapshot(Rule.UNANIMITY, *[AGREE] * 6, ABSTAIN),
            "Not adopted by unanimity, because an agency abstains: 7 of 7 agencies heard (quorum 5), 6 agree, "
            "1 abstains (Oak), nobody blocks.",
            id="unanimity with one abstention",
        ),
        pytest.param(
            snapshot(Rule.TWO_THIRDS, *[YES] * 3, YES_RESERVATIONS, NO, NO),
            "Adopted by two thirds of agencies: 6 of 7 agencies heard (quorum 5), 4 yes (1 with reservations), 2 no. "
            "Silent: Oak.",
            id="two thirds",
        ),
        pytest.param(
            snapshot(Rule.MAJORITY, *[YES] * 2, *[NO] * 2, ABSTAIN, members_state(YES, NO)),
            "Not adopted by majority of agencies, because it is a tie: 6 of 7 agencies heard (quorum 5), 2 yes, 2 no, "
            "1 abstains, 1 divided (Birch). Silent: Oak.",
            id="half is no majority",
        ),
        pytest.param(
            snapshot(Rule.MAJORITY, *[YES] * 2, *[ABSTAIN] * 4),
            "Not adopted by majority of agencies, because yes is less than half the quorum (2 said yes, 3 needed): "
            "6 of 7 agencies heard (quorum 5), 2 yes, 0 no, 4 abstain. Silent: Oak.",
            id="a majority of two where the quorum is five",
        ),
        pytest.param(
            heads(9, *[YES] * 4, NO),
            "Adopted by majority of members: 5 of 9 people heard (quorum 5), 4 yes, 1 no. Silent: 4 people.",
            id="by heads people are counted and not named",
        ),
        pytest.param(
            heads(5, *[YES] * 4),
            "Not decided, because the quorum was not reached: 4 of 5 people heard (quorum 5), 4 yes, 0 no. "
            "Silent: 1 person.",
            id="by heads one is a person",
        ),
        pytest.param(
            heads(9, Stance.FIVE, Stance.FOUR, Stance.FOUR, rule=Rule.SENSE),
            "Sense check closed: 3 people answered, 4.3 of 5 on average.",
            id="a sense check tells the mean",
        ),
        pytest.param(
            heads(9, Stance.FIST, rule=Rule.SENSE),
            "Sense check closed: 1 person answered, 0.0 of 5 on average.",
            id="a sense check of one fist",
        ),
        pytest.param(heads(9, rule=Rule.SENSE), "Sense check closed: nobody answered.", id="a sense check of nobody"),
    ],
)
def test_a_verdict_explains_itself_in_one_sentence(proposal, sentence):
    assert verdict_text(proposal, proposal.outcome) == sentence


def test_progress_counts_those_heard_and_names_nobody():
    proposal = snapshot(Rule.CONSENSUS, AGREE, AGREE, BLOCK)
    assert progress_text(proposal) == "3 of 7 agencies heard"
    assert tally_phrases(proposal) == ["2 agree", "1 blocks"]
    assert progress_text(heads(9, YES)) == "1 of 9 people heard"


@st.composite
def snapshots(draw):
    rule = draw(st.sampled_from([rule for rule in Rule if not rules.counts_people(rule)]))
    known = rules.stances(rule)
    agencies = st.one_of(
        st.just(SILENT),
        st.sampled_from(known).map(stands),
        st.lists(st.sampled_from(known), min_size=2, max_size=3, unique=True).map(lambda taken: members_state(*taken)),
    )
    standings = draw(st.lists(agencies, min_size=7, max_size=7))
    return snapshot(rule, *standings, needed=draw(st.integers(2, 7)), others_agree=draw(st.booleans()))


@given(snapshots())
def test_every_verdict_has_its_outcome_its_numbers_and_the_silent_agencies(proposal):
    verdict = verdict_text(proposal, proposal.outcome)
    assert verdict.casefold().startswith(proposal.outcome.value)
    assert progress_text(proposal) in verdict
    assert ("quorum" in verdict) or proposal.rule is Rule.CONSENT
    assert "!" not in verdict
    assert verdict.endswith(".")
    silent = verdict.partition("Silent")[2]
    assert all((name in silent) == (name in proposal.silent) for name in NAMES)


@given(snapshots())
def test_every_agency_is_counted_once_and_divided_agencies_are_named(proposal):
    counts = tally_phrases(proposal, named=True)
    assert sum(int(phrase.split()[0]) for phrase in counts if phrase != "nobody blocks") == proposal.tally.heard
    named = "".join(phrase for phrase in counts if " divided " in phrase)
    assert all((proposal.agencies[agency] in named) == s.divided for agency, s in proposal.standings.items())


@given(snapshots())
def test_a_verdict_gives_its_reason_unless_the_proposal_was_adopted(proposal):
    heading = verdict_text(proposal, proposal.outcome).partition(":")[0]
    assert (", because " in heading) == (proposal.outcome is not ProposalState.ADOPTED)


@given(snapshots())
def test_while_a_proposal_is_open_nobody_is_named(proposal):
    shown = " ".join([progress_text(proposal), *tally_phrases(proposal)])
    assert not any(name in shown for name in NAMES)
