"""Sentences about how far a proposal is, and about its outcome and the reason for it."""

from handlers.kit.text import join_names, pluralize
from handlers.proposals.labels import RULE_PHRASES
from handlers.proposals.rules import Tally, counts_people
from handlers.proposals.snapshot import ProposalSnapshot
from storage.vocabulary import ProposalState, Rule, Stance


def progress_text(proposal: ProposalSnapshot) -> str:
    """Return how many were heard: "4 of 7 agencies heard"."""
    electors = ("person", "people") if counts_people(proposal.rule) else ("agency", "agencies")
    return f"{proposal.tally.heard} of {pluralize(proposal.tally.electorate, *electors)} heard"


def too_few_text(proposal: ProposalSnapshot, was: str) -> str:
    """Return why an electorate cannot decide: "it takes at least two agencies, and there was only one"."""
    electors = "people" if counts_people(proposal.rule) else "agencies"
    return f"it takes at least two {electors}, and there {was} {'only one' if proposal.tally.electorate else 'none'}"


def tally_phrases(proposal: ProposalSnapshot, *, named: bool = False) -> list[str]:
    """Return the count of each position.

    With `named`, agencies that stand aside, block or are divided are named. Each agency is counted once.
    """
    if proposal.rule in {Rule.CONSENSUS, Rule.CONSENT, Rule.UNANIMITY}:
        return _consensus_phrases(proposal, named=named)
    tally = proposal.tally
    phrases = [f"{tally.of(Stance.YES, Stance.YES_RESERVATIONS)} yes"]
    if tally.of(Stance.YES_RESERVATIONS):
        phrases[0] += f" ({tally.of(Stance.YES_RESERVATIONS)} with reservations)"
    phrases.append(f"{tally.of(Stance.NO)} no")
    return phrases + _neutral_phrases(proposal, named=named)


def _consensus_phrases(proposal: ProposalSnapshot, *, named: bool) -> list[str]:
    tally = proposal.tally
    phrases = [pluralize(tally.of(Stance.AGREE), "agrees", "agree")]
    if tally.of(Stance.RESERVATIONS):
        phrases.append(f"{tally.of(Stance.RESERVATIONS)} with reservations")
    if tally.of(Stance.ASIDE):
        names = _names(proposal, Stance.ASIDE) if named else ""
        phrases.append(f"{pluralize(tally.of(Stance.ASIDE), 'stands', 'stand')} aside{names}")
    phrases += _neutral_phrases(proposal, named=named)
    blocks = tally.of(Stance.BLOCK)
    if blocks:
        phrases.append(pluralize(blocks, "blocks", "block") + (_names(proposal, Stance.BLOCK) if named else ""))
    elif not tally.blocks:
        phrases.append("nobody blocks")
    return phrases


def _neutral_phrases(proposal: ProposalSnapshot, *, named: bool) -> list[str]:
    """Return the counts of those that were heard and take no side."""
    phrases = []
    abstain = proposal.tally.of(Stance.ABSTAIN)
    if abstain:
        # under unanimity an abstention stands in the way, so the record names the agency
        names = _names(proposal, Stance.ABSTAIN) if named and proposal.rule is Rule.UNANIMITY else ""
        phrases.append(f"{pluralize(abstain, 'abstains', 'abstain')}{names}")
    divided = {agency: standing for agency, standing in proposal.standings.items() if standing.divided}
    blocks = sum(standing.blocks for standing in divided.values())
    if divided and named:
        names = "; ".join(
            proposal.agencies[agency] + (", with a block" if standing.blocks else "")
            for agency, standing in divided.items()
        )
        phrases.append(f"{len(divided)} divided ({names})")
    elif divided:
        with_block = "with a block" if len(divided) == 1 else f"{blocks} of them with a block"
        phrases.append(f"{len(divided)} divided" + (f", {with_block}" if blocks else ""))
    return phrases


def _names(proposal: ProposalSnapshot, stance: Stance) -> str:
    names = [proposal.agencies[agency] for agency, standing in proposal.standings.items() if standing.stance is stance]
    return f" ({', '.join(names)})" if names else ""


def verdict_text(proposal: ProposalSnapshot, outcome: ProposalState) -> str:
    """Return the outcome with its numbers, and with those that were silent."""
    if outcome is ProposalState.SENSED:
        answered = pluralize(proposal.tally.heard, "person", "people") if proposal.tally.heard else "nobody"
        return f"Sense check closed: {answered} answered{_mean(proposal)}."
    counts = ", ".join(tally_phrases(proposal, named=True))
    return (
        f"{_heading(proposal, outcome)}: {progress_text(proposal)}{_quorum(proposal)}, {counts}."
        f"{_silence(proposal, outcome)}"
    )


def _heading(proposal: ProposalSnapshot, outcome: ProposalState) -> str:
    by_rule = RULE_PHRASES[proposal.rule]
    if outcome is ProposalState.ADOPTED:
        return f"Adopted {by_rule}"
    if outcome is ProposalState.NOT_DECIDED:
        if not proposal.decidable:
            return f"Not decided, because {too_few_text(proposal, 'was')}"
        if proposal.tally.heard < proposal.needed:
            return "Not decided, because the quorum was not reached"
        return "Not decided, because unanimity needs every agency"
    return f"Not adopted {by_rule}, because {_why_not_adopted(proposal)}"


def _why_not_adopted(proposal: ProposalSnapshot) -> str:
    """Return the conditions that were not met, in the order in which `rules.decide` checks them."""
    tally = proposal.tally
    if proposal.rule is Rule.CONSENT:
        return _why_no_consent(proposal)
    if tally.blocks and proposal.rule is Rule.CONSENSUS:
        return "a block stands"
    if tally.of(Stance.ABSTAIN) == tally.heard:
        return "all those heard abstain"
    if proposal.rule is Rule.CONSENSUS:
        return _why_no_consensus(tally)
    return _why_not_unanimous(tally) if proposal.rule is Rule.UNANIMITY else _why_not_carried(proposal)


def _why_no_consent(proposal: ProposalSnapshot) -> str:
    tally = proposal.tally
    conditions = {
        "a block stands": bool(tally.blocks),
        "no agency besides the author's agrees without reservations": not proposal.others_agree,
        "a third or more of all agencies stand aside": 3 * tally.of(Stance.ASIDE) >= tally.electorate,
    }
    return join_names([condition for condition, is_missed in conditions.items() if is_missed])


def _why_no_consensus(tally: Tally) -> str:
    together = tally.of(Stance.AGREE, Stance.RESERVATIONS)
    if not together:
        return "no agency agrees"
    if 2 * together < tally.heard:
        return "fewer than half of those heard agree"
    return "only half of those heard agree" if 2 * together == tally.heard else "too many stand aside"


def _why_not_unanimous(tally: Tally) -> str:
    divided_blocks = tally.blocks - tally.of(Stance.BLOCK)
    obstacles = {
        ("an agency blocks", "agencies block"): tally.of(Stance.BLOCK),
        ("an agency stands aside", "agencies stand aside"): tally.of(Stance.ASIDE),
        ("an agency abstains", "agencies abstain"): tally.of(Stance.ABSTAIN),
        ("a block stands in a divided agency", "blocks stand in divided agencies"): divided_blocks,
        ("an agency is divided", "agencies are divided"): tally.divided - divided_blocks,
    }
    return join_names([one if count == 1 else many for (one, many), count in obstacles.items() if count])


def _why_not_carried(proposal: ProposalSnapshot) -> str:
    """Return why a vote failed: the share of yes first, then the number that the quorum asks for."""
    yes = proposal.tally.of(Stance.YES, Stance.YES_RESERVATIONS)
    sides = yes + proposal.tally.of(Stance.NO)
    if not sides:
        return "no agency said yes or no"
    two_thirds = (2 * sides + 2) // 3
    if proposal.rule is Rule.TWO_THIRDS and yes < two_thirds:
        return f"two thirds were missed by {two_thirds - yes} ({yes} of {sides} said yes, {two_thirds} needed)"
    if proposal.rule is not Rule.TWO_THIRDS and 2 * yes <= sides:
        return "it is a tie" if 2 * yes == sides else "more said no than yes"
    half_the_quorum = (proposal.needed + 1) // 2
    return f"yes is less than half the quorum ({yes} said yes, {half_the_quorum} needed)"


def _quorum(proposal: ProposalSnapshot) -> str:
    return "" if proposal.rule is Rule.CONSENT else f" (quorum {proposal.needed})"


def _silence(proposal: ProposalSnapshot, outcome: ProposalState) -> str:
    if counts_people(proposal.rule):
        silent = proposal.tally.electorate - proposal.tally.heard
        return f" Silent: {pluralize(silent, 'person', 'people')}." if silent else ""
    if not proposal.silent:
        return ""
    if proposal.rule is Rule.CONSENT:
        meaning = "counts as consent" if outcome is ProposalState.ADOPTED else "does not count against it"
        return f" Silent, which {meaning}: {join_names(proposal.silent)}."
    return f" Silent: {', '.join(proposal.silent)}."


def _mean(proposal: ProposalSnapshot) -> str:
    heard = proposal.tally.heard
    if not heard:
        return ""
    total = sum(int(stance.value) * count for stance, count in proposal.tally.counts.items())
    return f", {total / heard:.1f} of 5 on average"
