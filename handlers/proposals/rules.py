"""The rules of proposals: positions, quorum, outcomes, and times. Their source is docs/rules.md.

Fractions are compared as integers, so that no decision depends on rounding.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.kit.representation import Named, Spoken, speaking
from handlers.kit.working_days import is_working_day
from storage.vocabulary import RULES_BY_PERSON, AgencyId, ProposalState, Rule, Stance

CONSENSUS_STANCES = (Stance.AGREE, Stance.RESERVATIONS, Stance.ASIDE, Stance.BLOCK, Stance.ABSTAIN)
VOTING_STANCES = (Stance.YES, Stance.YES_RESERVATIONS, Stance.NO, Stance.ABSTAIN)
SENSE_STANCES = (Stance.FIST, Stance.ONE, Stance.TWO, Stance.THREE, Stance.FOUR, Stance.FIVE)

STANCES_WITH_REASON = frozenset({Stance.RESERVATIONS, Stance.ASIDE, Stance.BLOCK, Stance.YES_RESERVATIONS})
"""Positions that need a reason."""

STANCES_KEPT_BY_AMENDMENT = frozenset({Stance.RESERVATIONS, Stance.BLOCK, Stance.YES_RESERVATIONS})
"""Positions that stand after an amendment until the people who took them lift them."""

_WITH_RESERVATIONS = {Stance.AGREE: Stance.RESERVATIONS, Stance.YES: Stance.YES_RESERVATIONS}
"""Positions on the same side: those who agree, and those who agree with reservations, do not disagree."""

LATE_BLOCK = timedelta(hours=48)
"""A block is late if less than this time is left."""

LATE_BLOCK_EXTENSION = timedelta(hours=72)
"""Time that a late block adds."""

EXTENSION_WINDOW = timedelta(days=7)
"""Time after the end of a proposal in which it can be extended."""

LONGEST_REMINDER_LEAD = timedelta(days=5)
"""Upper bound of the time between a reminder and the closing: one of a Monday comes on Friday morning."""

DELIVERY_TIME = timedelta(minutes=15)
"""Time that the message of a proposal by consent may take to its channel without a later closing time."""

SHORTEST_CONSENT = timedelta(hours=72)
"""Shortest time for which a proposal by consent is open."""

CONSENT_WORKING_TIME = timedelta(days=3)
"""Working time, from Monday to Friday, for which a proposal by consent is open."""

_DEMANDING = {
    Rule.HEADS: 0,
    Rule.MAJORITY: 1,
    Rule.TWO_THIRDS: 2,
    Rule.CONSENT: 3,
    Rule.CONSENSUS: 4,
    Rule.UNANIMITY: 5,
}


def stances(rule: Rule) -> tuple[Stance, ...]:
    """Return the positions that a rule allows, in the order of its buttons."""
    if rule is Rule.SENSE:
        return SENSE_STANCES
    return CONSENSUS_STANCES if rule in {Rule.CONSENSUS, Rule.CONSENT, Rule.UNANIMITY} else VOTING_STANCES


def counts_people(rule: Rule) -> bool:
    """Return whether a rule counts people instead of agencies."""
    return rule in RULES_BY_PERSON


def at_least_as_demanding(rule: Rule, than: Rule) -> bool:
    """Return whether an author may choose `rule` where `than` is the consortium's rule.

    A sense check decides nothing, so it is always allowed.
    """
    return rule is Rule.SENSE or _DEMANDING[rule] >= _DEMANDING.get(than, 0)


def needed_for_quorum(percent: int, electorate: int) -> int:
    """Return how many of an electorate have to be heard: the percentage rounded up, and at least two."""
    return max(2, (percent * electorate + 99) // 100)


@dataclass(frozen=True)
class Statement:
    """A position that a person took for an agency, with its reason.

    `spoken` carries what decides whether the position counts for the agency.
    """

    stance: Stance
    reason: str
    spoken: Spoken


@dataclass(frozen=True)
class Standing:
    """The position of one agency.

    `stance` is None if the agency is silent or divided. `own` are the statements that count for it, `voices` the
    others. A divided agency is heard and takes no side, except that a block within it stands. An agency whose members
    agree, some of them with reservations, agrees with reservations.
    """

    stance: Stance | None = None
    divided: bool = False
    own: Sequence[Statement] = ()
    voices: Sequence[Statement] = ()

    @property
    def heard(self) -> bool:
        """Return whether the agency was heard."""
        return bool(self.own)

    @property
    def blocks(self) -> bool:
        """Return whether a block stands."""
        return any(statement.stance is Stance.BLOCK for statement in self.own)


def agency_standing(statements: Sequence[Statement], named: Named) -> Standing:
    """Return the position of an agency, from everything that its people stated."""
    chosen = speaking([statement.spoken for statement in statements], named)
    own = [statement for statement in statements if any(statement.spoken is spoken for spoken in chosen)]
    latest = {statement.spoken.member_id: statement for statement in statements}
    voices = [statement for statement in latest.values() if statement not in own]
    stances = {statement.stance for statement in own}
    stances -= {outright for outright, reserved in _WITH_RESERVATIONS.items() if reserved in stances}
    if len(stances) == 1:
        return Standing(stances.pop(), own=own, voices=voices)
    return Standing(divided=len(stances) > 1, own=own, voices=voices)


@dataclass(frozen=True)
class Tally:
    """The positions of an electorate of agencies or people, counted. Divided agencies are not in `counts`."""

    electorate: int
    counts: Mapping[Stance, int] = field(default_factory=Counter)
    divided: int = 0
    blocks: int = 0

    @property
    def heard(self) -> int:
        """Return how many were heard, divided agencies included."""
        return sum(self.counts.values()) + self.divided

    def of(self, *stances: Stance) -> int:
        """Return how many took one of these positions."""
        return sum(self.counts.get(stance, 0) for stance in stances)


def tally_agencies(standings: Mapping[AgencyId, Standing]) -> Tally:
    """Count the positions of an electorate of agencies, silent ones included."""
    counts = Counter(s.stance for s in standings.values() if s.stance is not None)
    return Tally(
        electorate=len(standings),
        counts=counts,
        divided=sum(s.divided for s in standings.values()),
        blocks=sum(s.blocks for s in standings.values()),
    )


def tally_people(stances: Sequence[Stance], electorate: int) -> Tally:
    """Count the positions of an electorate of people."""
    return Tally(electorate=electorate, counts=Counter(stances), blocks=stances.count(Stance.BLOCK))


def decide(rule: Rule, needed: int, counted: Tally, *, others_agree: bool = True) -> ProposalState:
    """Return the outcome of a proposal.

    `needed` is the quorum as a number. `others_agree` is whether an agency besides the author's agrees, which
    consent requires.
    """
    if rule is Rule.SENSE:
        return ProposalState.SENSED
    if rule is Rule.CONSENT:
        return _outcome(_consent(counted, others_agree=others_agree))
    if counted.heard < needed:
        return ProposalState.NOT_DECIDED
    if rule is Rule.CONSENSUS:
        return _outcome(_consensus(counted))
    if rule is Rule.UNANIMITY:
        return _unanimity(counted)
    return _outcome(_vote(rule, needed, counted))


def _outcome(adopted: bool) -> ProposalState:
    return ProposalState.ADOPTED if adopted else ProposalState.NOT_ADOPTED


def _consensus(counted: Tally) -> bool:
    """Return whether nobody blocks, and agreement is over half of those heard and at least twice those aside."""
    together = counted.of(Stance.AGREE, Stance.RESERVATIONS)
    return not counted.blocks and 2 * together > counted.heard and together >= 2 * counted.of(Stance.ASIDE)


def _consent(counted: Tally, *, others_agree: bool) -> bool:
    """Return whether nobody blocks, another agency agrees, and fewer than a third of the electorate stand aside."""
    return not counted.blocks and others_agree and 3 * counted.of(Stance.ASIDE) < counted.electorate


def _unanimity(counted: Tally) -> ProposalState:
    """Adopt if every agency agrees, with or without reservations. If only silence stands in the way, decide nothing."""
    together = counted.of(Stance.AGREE, Stance.RESERVATIONS)
    if together == counted.electorate:
        return ProposalState.ADOPTED
    return ProposalState.NOT_DECIDED if together == counted.heard else ProposalState.NOT_ADOPTED


def _vote(rule: Rule, needed: int, counted: Tally) -> bool:
    """Return whether yes has two-thirds, or more than half, of yes and no, and is at least half the quorum."""
    yes = counted.of(Stance.YES, Stance.YES_RESERVATIONS)
    sides = yes + counted.of(Stance.NO)
    enough = 3 * yes >= 2 * sides if rule is Rule.TWO_THIRDS else 2 * yes > sides
    return sides > 0 and enough and 2 * yes >= needed


def closing_time_after_late_block(closes_at: datetime, now: datetime, *, given_time: bool) -> datetime | None:
    """Return the new closing time after the first block in the last 48 hours. None after any other block."""
    if given_time or closes_at - now > LATE_BLOCK:
        return None
    return closes_at + LATE_BLOCK_EXTENSION


def can_be_decided(rule: Rule, needed: int, electorate: int) -> bool:
    """Return whether an electorate is large enough for the quorum, which is at least two. Consent needs none."""
    return rule in {Rule.CONSENT, Rule.SENSE} or electorate >= needed


def extendable_until(
    outcome: ProposalState, ended_at: datetime, *, extended: bool, decidable: bool = True
) -> datetime | None:
    """Return until when a proposal with this outcome can be extended, or None if it was decided or extended before.

    Where too few are there to decide it, more time does not help.

    Source: docs/rules.md, "Time".
    """
    can_be = outcome is ProposalState.NOT_DECIDED and not extended and decidable
    return ended_at + EXTENSION_WINDOW if can_be else None


LEAST_CONSENT_DAYS = 5
"""Days that are enough for a consent whenever it opens: any five days hold three from Monday to Friday."""


def is_long_enough_for_consent(opens: datetime, closes: datetime) -> bool:
    """Return whether a proposal is open for 72 hours and for three working days.

    Both are naive times in the consortium's zone. Three working days are 72 hours from Monday to Friday.
    """
    if closes - opens < SHORTEST_CONSENT:
        return False
    return working_time(opens, closes) >= CONSENT_WORKING_TIME


def working_time(begin: datetime, end: datetime) -> timedelta:
    """Return the time between two naive times that falls on Monday to Friday."""
    total = timedelta()
    at = begin
    while at < end:
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
        if is_working_day(at):
            total += min(midnight, end) - at
        at = midnight
    return total


def earliest_consent_closing(opens: datetime) -> datetime:
    """Return the earliest naive time at which a proposal by consent may close."""
    at = opens
    left = CONSENT_WORKING_TIME
    while left > timedelta():
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
        if is_working_day(at):
            step = min(midnight - at, left)
            left -= step
            at = at + step if left == timedelta() else midnight
        else:
            at = midnight
    return max(at, opens + SHORTEST_CONSENT)
