"""The sentences that say how a proposal stands, and how it ended and why."""

from handlers.kit.text import counted, listed
from handlers.proposals.labels import RULE_PHRASES
from handlers.proposals.rules import counts_people
from handlers.proposals.snapshot import ProposalSnapshot
from storage.vocabulary import ProposalState, Rule, Stance


def progress_text(picture: ProposalSnapshot) -> str:
    """Say how far a proposal has come: "4 of 7 agencies heard"."""
    what = "people" if counts_people(picture.rule) else "agencies"
    return f"{picture.tally.heard} of {picture.tally.electorate} {what} heard"


def tally_phrases(picture: ProposalSnapshot, *, named: bool = False) -> list[str]:
    """Say what was said, in the rule's own words; `named` adds who stands aside and who blocks."""
    if picture.rule in {Rule.CONSENSUS, Rule.CONSENT, Rule.UNANIMITY}:
        return _consensus_numbers(picture, named=named)
    tally = picture.tally
    parts = [f"{tally.of(Stance.YES, Stance.YES_RESERVATIONS)} yes"]
    if tally.of(Stance.YES_RESERVATIONS):
        parts[0] += f" ({tally.of(Stance.YES_RESERVATIONS)} with reservations)"
    parts.append(f"{tally.of(Stance.NO)} no")
    return parts + _neutral(picture)


def _consensus_numbers(picture: ProposalSnapshot, *, named: bool) -> list[str]:
    tally = picture.tally
    parts = [f"{tally.of(Stance.AGREE)} agree"]
    if tally.of(Stance.RESERVATIONS):
        parts.append(f"{tally.of(Stance.RESERVATIONS)} with reservations")
    aside = tally.of(Stance.ASIDE)
    if aside:
        who = _who(picture, Stance.ASIDE) if named else ""
        parts.append(f"{aside} {'stands' if aside == 1 else 'stand'} aside{who}")
    parts += _neutral(picture)
    who = _who(picture, Stance.BLOCK) if named else ""
    blocks = tally.blocks
    parts.append(f"{blocks} {'blocks' if blocks == 1 else 'block'}{who}" if blocks else "nobody blocks")
    return parts


def _neutral(picture: ProposalSnapshot) -> list[str]:
    parts = []
    abstain = picture.tally.of(Stance.ABSTAIN)
    if abstain:
        parts.append(f"{abstain} {'abstains' if abstain == 1 else 'abstain'}")
    if picture.tally.divided:
        parts.append(f"{picture.tally.divided} divided")
    return parts


def _who(picture: ProposalSnapshot, stance: Stance) -> str:
    names = [
        picture.agencies[agency]
        for agency, standing in picture.standings.items()
        if standing.stance is stance or (stance is Stance.BLOCK and standing.blocks)
    ]
    return f" ({', '.join(names)})" if names else ""


def verdict_text(picture: ProposalSnapshot, outcome: ProposalState) -> str:
    """Say the outcome in one sentence with its numbers; silence is named as silence."""
    if outcome is ProposalState.SENSED:
        return f"Sense check closed: {counted(picture.tally.heard, 'person', 'people')} answered{_mean(picture)}."
    said = ", ".join(tally_phrases(picture, named=True))
    return f"{_heading(picture, outcome)}: {progress_text(picture)}{_quorum(picture)}, {said}.{_silence(picture)}"


def _heading(picture: ProposalSnapshot, outcome: ProposalState) -> str:
    basis = RULE_PHRASES[picture.rule].casefold()
    if outcome is ProposalState.ADOPTED:
        return f"Adopted {basis}"
    if outcome is ProposalState.NOT_DECIDED:
        if picture.tally.heard < picture.needed:
            return "Not decided, since the quorum was missed"
        return "Not decided, since unanimity needs every agency"
    return f"Not adopted {basis}{_why_not(picture)}"


def _why_not(picture: ProposalSnapshot) -> str:
    """Name the reason where the numbers alone do not show it."""
    if picture.tally.blocks and picture.rule in {Rule.CONSENSUS, Rule.CONSENT}:
        return ", since a block stands"
    if picture.rule is Rule.CONSENT and not picture.others_agree:
        return ", since no agency besides the author's agrees"
    if picture.rule is Rule.CONSENT:
        return ", since a third or more stand aside"
    tally = picture.tally
    if picture.rule is Rule.CONSENSUS:
        few = 2 * tally.of(Stance.AGREE, Stance.RESERVATIONS) <= tally.heard
        return ", since no more than half of those heard agree" if few else ", since too many stand aside"
    yes = tally.of(Stance.YES, Stance.YES_RESERVATIONS)
    if picture.rule is not Rule.UNANIMITY and yes > tally.of(Stance.NO) and 2 * yes < picture.needed:
        return ", since yes is less than half the quorum"
    return ""


def _quorum(picture: ProposalSnapshot) -> str:
    return "" if picture.rule is Rule.CONSENT else f" (quorum {picture.needed})"


def _silence(picture: ProposalSnapshot) -> str:
    if counts_people(picture.rule):
        left = picture.tally.electorate - picture.tally.heard
        return f" Silent: {counted(left, 'person', 'people')}." if left else ""
    if not picture.silent:
        return ""
    if picture.rule is Rule.CONSENT:
        return f" Silent, which counts as consent: {listed(picture.silent)}."
    return f" Silent: {', '.join(picture.silent)}."


def _mean(picture: ProposalSnapshot) -> str:
    heard = picture.tally.heard
    if not heard:
        return ""
    total = sum(int(stance.value) * many for stance, many in picture.tally.counts.items())
    return f", {total / heard:.1f} of 5 on average"
