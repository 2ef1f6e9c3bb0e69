"""Verdicts that were worked out by hand from the rules, word by word.

Seven agencies decide, in this order: Ash, Cedar, Elm, Fir, Hazel, Birch, Oak. A letter is an agency's position:
a agree, r with reservations, s stand aside, b block, t abstain, y yes, q yes with reservations, n no, - silent.
Letters in brackets are the people of an agency that has named nobody. The quorum is five of seven.
"""

import re

import pytest

from handlers.proposals.verdict import verdict_text
from storage.vocabulary import Rule, Stance
from tests.rules.proposals.test_verdict import SILENT, heads, members_state, snapshot, stands

LETTERS = {
    "a": Stance.AGREE,
    "r": Stance.RESERVATIONS,
    "s": Stance.ASIDE,
    "b": Stance.BLOCK,
    "t": Stance.ABSTAIN,
    "y": Stance.YES,
    "q": Stance.YES_RESERVATIONS,
    "n": Stance.NO,
}


def stated(positions):
    """Return the standings that the letters describe."""
    agencies = re.findall(r"\(\w+\)|[\w-]", positions)
    return [
        SILENT
        if agency == "-"
        else stands(LETTERS[agency])
        if len(agency) == 1
        else members_state(*map(LETTERS.get, agency[1:-1]))
        for agency in agencies
    ]


def verdict(rule, positions, **more):
    proposal = snapshot(rule, *stated(positions), **more)
    return verdict_text(proposal, proposal.outcome)


CONSENSUS, CONSENT, UNANIMITY = Rule.CONSENSUS, Rule.CONSENT, Rule.UNANIMITY
MAJORITY, TWO_THIRDS = Rule.MAJORITY, Rule.TWO_THIRDS


@pytest.mark.parametrize(
    ("rule", "positions", "sentence"),
    [
        # consensus: more than half of those heard, and twice those standing aside
        pytest.param(
            CONSENSUS,
            "ttttttt",
            "Not adopted by consensus, because all those heard abstain: 7 of 7 agencies heard (quorum 5), 0 agree, "
            "7 abstain, nobody blocks.",
            id="consensus, all abstain",
        ),
        pytest.param(
            CONSENSUS,
            "aaattt-",
            "Not adopted by consensus, because only half of those heard agree: 6 of 7 agencies heard (quorum 5), "
            "3 agree, 3 abstain, nobody blocks. Silent: Oak.",
            id="consensus, exactly half",
        ),
        pytest.param(
            CONSENSUS,
            "sssss--",
            "Not adopted by consensus, because no agency agrees: 5 of 7 agencies heard (quorum 5), 0 agree, "
            "5 stand aside (Ash, Cedar, Elm, Fir, Hazel), nobody blocks. Silent: Birch, Oak.",
            id="consensus, all stand aside",
        ),
        pytest.param(
            CONSENSUS,
            "aaaass(as)",
            "Adopted by consensus: 7 of 7 agencies heard (quorum 5), 4 agree, 2 stand aside (Hazel, Birch), "
            "1 divided (Oak), nobody blocks.",
            id="consensus, four against two aside is just enough, and the divided agency counts as heard",
        ),
        pytest.param(
            CONSENSUS,
            "aaa(as)(as)t-",
            "Not adopted by consensus, because only half of those heard agree: 6 of 7 agencies heard (quorum 5), "
            "3 agree, 1 abstains, 2 divided (Fir; Hazel), nobody blocks. Silent: Oak.",
            id="consensus, two divided agencies make the missing half",
        ),
        pytest.param(
            CONSENSUS,
            "aaaab(ab)-",
            "Not adopted by consensus, because a block stands: 6 of 7 agencies heard (quorum 5), 4 agree, "
            "1 divided (Birch, with a block), 1 blocks (Hazel). Silent: Oak.",
            id="consensus, a block and a divided agency with another",
        ),
        pytest.param(
            CONSENSUS,
            "----(ab)(as)a",
            "Not decided, because the quorum was not reached: 3 of 7 agencies heard (quorum 5), 1 agrees, "
            "2 divided (Hazel, with a block; Birch). Silent: Ash, Cedar, Elm, Fir.",
            id="consensus, below the quorum divided agencies are named",
        ),
        pytest.param(
            CONSENSUS,
            "-------",
            "Not decided, because the quorum was not reached: 0 of 7 agencies heard (quorum 5), 0 agree, "
            "nobody blocks. Silent: Ash, Cedar, Elm, Fir, Hazel, Birch, Oak.",
            id="consensus, nobody",
        ),
        # consent: silence is not counted against it
        pytest.param(
            CONSENT,
            "-a-----",
            "Adopted by consent: 1 of 7 agencies heard, 1 agrees, nobody blocks. Silent, which counts as consent: Ash, "
            "Elm, Fir, Hazel, Birch and Oak.",
            id="consent, one agrees and six are silent",
        ),
        pytest.param(
            CONSENT,
            "ass----",
            "Adopted by consent: 3 of 7 agencies heard, 1 agrees, 2 stand aside (Cedar, Elm), nobody blocks. Silent, "
            "which counts as consent: Fir, Hazel, Birch and Oak.",
            id="consent, two of seven aside are less than a third of all",
        ),
        pytest.param(
            CONSENT,
            "asss---",
            "Not adopted by consent, because a third or more of all agencies stand aside: 4 of 7 agencies heard, "
            "1 agrees, 3 stand aside (Cedar, Elm, Fir), nobody blocks. Silent, which does not count against it: Hazel, "
            "Birch and Oak.",
            id="consent, three of seven aside",
        ),
        pytest.param(
            CONSENT,
            "aaaaab-",
            "Not adopted by consent, because a block stands: 6 of 7 agencies heard, 5 agree, 1 blocks (Birch). Silent, "
            "which does not count against it: Oak.",
            id="consent, one block and one silent",
        ),
        pytest.param(
            CONSENT,
            "aa(ab)----",
            "Not adopted by consent, because a block stands: 3 of 7 agencies heard, 2 agree, "
            "1 divided (Elm, with a block). Silent, which does not count against it: Fir, Hazel, Birch and Oak.",
            id="consent, a block within a divided agency",
        ),
        pytest.param(
            CONSENT,
            "aaaaaaa",
            "Adopted by consent: 7 of 7 agencies heard, 7 agree, nobody blocks.",
            id="consent, nobody is silent",
        ),
        # unanimity
        pytest.param(
            UNANIMITY,
            "aaaatt-",
            "Not adopted by unanimity, because agencies abstain: 6 of 7 agencies heard (quorum 5), 4 agree, "
            "2 abstain (Hazel, Birch), nobody blocks. Silent: Oak.",
            id="unanimity, two abstain and one is silent",
        ),
        pytest.param(
            UNANIMITY,
            "aaaastb",
            "Not adopted by unanimity, because an agency blocks, an agency stands aside and an agency abstains: "
            "7 of 7 agencies heard (quorum 5), 4 agree, 1 stands aside (Hazel), 1 abstains (Birch), 1 blocks (Oak).",
            id="unanimity, one of each",
        ),
        pytest.param(
            UNANIMITY,
            "aaaaaa(at)",
            "Not adopted by unanimity, because an agency is divided: 7 of 7 agencies heard (quorum 5), 6 agree, "
            "1 divided (Oak), nobody blocks.",
            id="unanimity, one divided",
        ),
        pytest.param(
            UNANIMITY,
            "aaaaaa(ar)",
            "Adopted by unanimity: 7 of 7 agencies heard (quorum 5), 6 agree, 1 with reservations, nobody blocks.",
            id="unanimity, an agency whose people agree, one of them with reservations",
        ),
        pytest.param(
            UNANIMITY,
            "aaaa(as)(ab)(tb)",
            "Not adopted by unanimity, because blocks stand in divided agencies and an agency is divided: "
            "7 of 7 agencies heard (quorum 5), 4 agree, 3 divided (Hazel; Birch, with a block; Oak, with a block).",
            id="unanimity, blocks in divided agencies",
        ),
        pytest.param(
            UNANIMITY,
            "ttttttt",
            "Not adopted by unanimity, because all those heard abstain: 7 of 7 agencies heard (quorum 5), 0 agree, "
            "7 abstain (Ash, Cedar, Elm, Fir, Hazel, Birch, Oak), nobody blocks.",
            id="unanimity, all abstain",
        ),
        pytest.param(
            UNANIMITY,
            "rrrrr--",
            "Not decided, because unanimity needs every agency: 5 of 7 agencies heard (quorum 5), 0 agree, "
            "5 with reservations, nobody blocks. Silent: Birch, Oak.",
            id="unanimity, only silence stands in the way",
        ),
        # votes
        pytest.param(
            MAJORITY,
            "yyynnn-",
            "Not adopted by majority of agencies, because it is a tie: 6 of 7 agencies heard (quorum 5), 3 yes, 3 no. "
            "Silent: Oak.",
            id="majority, a tie",
        ),
        pytest.param(
            MAJORITY,
            "yynnntt",
            "Not adopted by majority of agencies, because more said no than yes: 7 of 7 agencies heard (quorum 5), "
            "2 yes, 3 no, 2 abstain.",
            id="majority, more no",
        ),
        pytest.param(
            MAJORITY,
            "ttttt--",
            "Not adopted by majority of agencies, because all those heard abstain: 5 of 7 agencies heard (quorum 5), "
            "0 yes, 0 no, 5 abstain. Silent: Birch, Oak.",
            id="majority, all abstain",
        ),
        pytest.param(
            MAJORITY,
            "tttt(yn)--",
            "Not adopted by majority of agencies, because no agency said yes or no: 5 of 7 agencies heard (quorum 5), "
            "0 yes, 0 no, 4 abstain, 1 divided (Hazel). Silent: Birch, Oak.",
            id="majority, all abstain but a divided agency",
        ),
        pytest.param(
            MAJORITY,
            "yqynn--",
            "Adopted by majority of agencies: 5 of 7 agencies heard (quorum 5), 3 yes (1 with reservations), 2 no. "
            "Silent: Birch, Oak.",
            id="majority, three to two",
        ),
        pytest.param(
            TWO_THIRDS,
            "yyyynnn",
            "Not adopted by two thirds of agencies, because two thirds were missed by 1 (4 of 7 said yes, 5 needed): "
            "7 of 7 agencies heard (quorum 5), 4 yes, 3 no.",
            id="two thirds, missed by one",
        ),
        pytest.param(
            TWO_THIRDS,
            "yynnnnt",
            "Not adopted by two thirds of agencies, because two thirds were missed by 2 (2 of 6 said yes, 4 needed): "
            "7 of 7 agencies heard (quorum 5), 2 yes, 4 no, 1 abstains.",
            id="two thirds, missed by two",
        ),
        pytest.param(
            TWO_THIRDS,
            "yyyynn-",
            "Adopted by two thirds of agencies: 6 of 7 agencies heard (quorum 5), 4 yes, 2 no. Silent: Oak.",
            id="two thirds, exactly",
        ),
        pytest.param(
            TWO_THIRDS,
            "yynttt-",
            "Not adopted by two thirds of agencies, because yes is less than half the quorum (2 said yes, 3 needed): "
            "6 of 7 agencies heard (quorum 5), 2 yes, 1 no, 3 abstain. Silent: Oak.",
            id="two thirds, enough of yes and no, but too few",
        ),
        pytest.param(
            TWO_THIRDS,
            "nnnnnnn",
            "Not adopted by two thirds of agencies, because two thirds were missed by 5 (0 of 7 said yes, 5 needed): "
            "7 of 7 agencies heard (quorum 5), 0 yes, 7 no.",
            id="two thirds, everybody said no",
        ),
    ],
)
def test_the_verdict_says_the_outcome_and_why(rule, positions, sentence):
    assert verdict(rule, positions) == sentence


@pytest.mark.parametrize(
    ("proposal", "sentence"),
    [
        pytest.param(
            snapshot(CONSENT, *stated("rss(ab)sss"), others_agree=False),
            "Not adopted by consent, because a block stands, no agency besides the author's agrees without "
            "reservations and a third or more of all agencies stand aside: 7 of 7 agencies heard, 0 agree, 1 with "
            "reservations, 5 stand aside (Cedar, Elm, Hazel, Birch, Oak), 1 divided (Fir, with a block).",
            id="consent, every condition that was not met",
        ),
        pytest.param(
            snapshot(CONSENT, *stated("a------"), others_agree=False),
            "Not adopted by consent, because no agency besides the author's agrees without reservations: "
            "1 of 7 agencies heard, 1 agrees, nobody blocks. "
            "Silent, which does not count against it: Cedar, Elm, Fir, Hazel, Birch and Oak.",
            id="consent, only the author's own agency",
        ),
        pytest.param(
            snapshot(CONSENT, *stated("-------"), others_agree=False),
            "Not adopted by consent, because no agency besides the author's agrees without reservations: "
            "0 of 7 agencies heard, 0 agree, nobody blocks. "
            "Silent, which does not count against it: Ash, Cedar, Elm, Fir, Hazel, Birch and Oak.",
            id="consent, nobody",
        ),
        pytest.param(
            heads(9, *[Stance.YES] * 3, *[Stance.NO] * 3),
            "Not adopted by majority of members, because it is a tie: 6 of 9 people heard (quorum 5), 3 yes, 3 no. "
            "Silent: 3 people.",
            id="members, a tie",
        ),
        pytest.param(
            heads(6, *[Stance.ABSTAIN] * 6),
            "Not adopted by majority of members, because all those heard abstain: 6 of 6 people heard (quorum 5), "
            "0 yes, 0 no, 6 abstain.",
            id="members, all abstain",
        ),
        pytest.param(
            heads(9, Stance.YES, Stance.YES, *[Stance.ABSTAIN] * 4),
            "Not adopted by majority of members, because yes is less than half the quorum (2 said yes, 3 needed): "
            "6 of 9 people heard (quorum 5), 2 yes, 0 no, 4 abstain. Silent: 3 people.",
            id="members, too few yes",
        ),
    ],
)
def test_the_verdict_of_the_author_alone_and_of_members(proposal, sentence):
    assert verdict_text(proposal, proposal.outcome) == sentence
