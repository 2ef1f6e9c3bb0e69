"""Sentences about how far a proposal is, and about its outcome and the reason for it."""

from handlers.kit.text import join_names, pluralize
from handlers.proposals.labels import RULE_PHRASES
from handlers.proposals.rules import counts_people
from handlers.proposals.snapshot import ProposalSnapshot
from storage.vocabulary import ProposalState, Rule, Stance


def progress_text(proposal: ProposalSnapshot) -> str:
    """Return how many were heard: "4 of 7 agencies heard"."""
    electors = "people" if counts_people(proposal.rule) else "agencies"
    return f"{proposal.tally.heard} of {proposal.tally.electorate} {electors} heard"


def tally_phrases(proposal: ProposalSnapshot, *, named: bool = False) -> list[str]:
    """Return the count of each position. With `named`, agencies that stand aside or block are named."""
    if proposal.rule in {Rule.CONSENSUS, Rule.CONSENT, Rule.UNANIMITY}:
        return _consensus_phrases(proposal, named=named)
    tally = proposal.tally
    phrases = [f"{tally.of(Stance.YES, Stance.YES_RESERVATIONS)} yes"]
    if tally.of(Stance.YES_RESERVATIONS):
        phrases[0] += f" ({tally.of(Stance.YES_RESERVATIONS)} with reservations)"
    phrases.append(f"{tally.of(Stance.NO)} no")
    return phrases + _neutral_phrases(proposal)


def _consensus_phrases(proposal: ProposalSnapshot, *, named: bool) -> list[str]:
    tally = proposal.tally
    phrases = [pluralize(tally.of(Stance.AGREE), "agrees", "agree")]
    if tally.of(Stance.RESERVATIONS):
        phrases.append(f"{tally.of(Stance.RESERVATIONS)} with reservations")
    if tally.of(Stance.ASIDE):
        names = _names(proposal, Stance.ASIDE) if named else ""
        phrases.append(f"{pluralize(tally.of(Stance.ASIDE), 'stands', 'stand')} aside{names}")
    phrases += _neutral_phrases(proposal)
    names = _names(proposal, Stance.BLOCK) if named else ""
    phrases.append(f"{pluralize(tally.blocks, 'blocks', 'block')}{names}" if tally.blocks else "nobody blocks")
    return phrases


def _neutral_phrases(proposal: ProposalSnapshot) -> list[str]:
    phrases = []
    abstain = proposal.tally.of(Stance.ABSTAIN)
    if abstain:
        phrases.append(pluralize(abstain, "abstains", "abstain"))
    if proposal.tally.divided:
        phrases.append(f"{proposal.tally.divided} divided")
    return phrases


def _names(proposal: ProposalSnapshot, stance: Stance) -> str:
    names = [
        proposal.agencies[agency]
        for agency, standing in proposal.standings.items()
        if standing.stance is stance or (stance is Stance.BLOCK and standing.blocks)
    ]
    return f" ({', '.join(names)})" if names else ""


def verdict_text(proposal: ProposalSnapshot, outcome: ProposalState) -> str:
    """Return the outcome with its numbers, and with those that were silent."""
    if outcome is ProposalState.SENSED:
        return f"Sense check closed: {pluralize(proposal.tally.heard, 'person', 'people')} answered{_mean(proposal)}."
    counts = ", ".join(tally_phrases(proposal, named=True))
    return f"{_heading(proposal, outcome)}: {progress_text(proposal)}{_quorum(proposal)}, {counts}.{_silence(proposal)}"


def _heading(proposal: ProposalSnapshot, outcome: ProposalState) -> str:
    by_rule = RULE_PHRASES[proposal.rule]
    if outcome is ProposalState.ADOPTED:
        return f"Adopted {by_rule}"
    if outcome is ProposalState.NOT_DECIDED:
        if proposal.tally.heard < proposal.needed:
            return "Not decided, because the quorum was not reached"
        return "Not decided, because unanimity needs every agency"
    return f"Not adopted {by_rule}{_why_not_adopted(proposal)}"


def _why_not_adopted(proposal: ProposalSnapshot) -> str:
    """Return the reason where the numbers alone do not show it."""
    tally = proposal.tally
    if tally.blocks and proposal.rule in {Rule.CONSENSUS, Rule.CONSENT}:
        return ", because a block stands"
    if proposal.rule is Rule.CONSENT and not proposal.others_agree:
        return ", because no agency besides the author's agrees"
    if proposal.rule is Rule.CONSENT:
        return ", because a third or more stand aside"
    if proposal.rule is Rule.CONSENSUS:
        few = 2 * tally.of(Stance.AGREE, Stance.RESERVATIONS) <= tally.heard
        return ", because at most half of those heard agree" if few else ", because too many stand aside"
    yes = tally.of(Stance.YES, Stance.YES_RESERVATIONS)
    if proposal.rule is not Rule.UNANIMITY and yes > tally.of(Stance.NO) and 2 * yes < proposal.needed:
        return ", because yes is less than half the quorum"
    return ""


def _quorum(proposal: ProposalSnapshot) -> str:
    return "" if proposal.rule is Rule.CONSENT else f" (quorum {proposal.needed})"


def _silence(proposal: ProposalSnapshot) -> str:
    if counts_people(proposal.rule):
        silent = proposal.tally.electorate - proposal.tally.heard
        return f" Silent: {pluralize(silent, 'person', 'people')}." if silent else ""
    if not proposal.silent:
        return ""
    if proposal.rule is Rule.CONSENT:
        return f" Silent, which counts as consent: {join_names(proposal.silent)}."
    return f" Silent: {', '.join(proposal.silent)}."


def _mean(proposal: ProposalSnapshot) -> str:
    heard = proposal.tally.heard
    if not heard:
        return ""
    total = sum(int(stance.value) * count for stance, count in proposal.tally.counts.items())
    return f", {total / heard:.1f} of 5 on average"
