"""What is right for proposals. The source of every rule is the consortium's handbook in docs/rules.md.

Fractions are compared as integers, so that no decision hangs on a rounding.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.kit.representation import Named, Spoken, speaking
from storage.vocabulary import AgencyId, ProposalState, Rule, Stance

CONSENSUS_STANCES = (Stance.AGREE, Stance.RESERVATIONS, Stance.ASIDE, Stance.BLOCK, Stance.ABSTAIN)
VOTING_STANCES = (Stance.YES, Stance.YES_RESERVATIONS, Stance.NO, Stance.ABSTAIN)
SENSE_STANCES = (Stance.FIST, Stance.ONE, Stance.TWO, Stance.THREE, Stance.FOUR, Stance.FIVE)

STANCES_WITH_REASON = frozenset({Stance.RESERVATIONS, Stance.ASIDE, Stance.BLOCK, Stance.YES_RESERVATIONS})
"""These are recorded with a reason, and are refused without one."""

STANCES_KEPT_BY_AMENDMENT = frozenset({Stance.RESERVATIONS, Stance.BLOCK, Stance.YES_RESERVATIONS})
"""These outlive an amendment until their makers lift them."""

LATE_BLOCK = timedelta(hours=48)
LATE_BLOCK_EXTENSION = timedelta(hours=72)
EXTENSION_WINDOW = timedelta(days=7)
REMINDER_LEAD = timedelta(hours=24)
LONGEST_REMINDER_LEAD = timedelta(days=5)
"""A reminder that is moved out of a weekend comes at most this long before the closing time."""

_DEMANDING = {
    Rule.HEADS: 0,
    Rule.MAJORITY: 1,
    Rule.TWO_THIRDS: 2,
    Rule.CONSENT: 3,
    Rule.CONSENSUS: 4,
    Rule.UNANIMITY: 5,
}


def stances(rule: Rule) -> tuple[Stance, ...]:
    """List the positions that a rule knows, in the order of its buttons."""
    if rule is Rule.SENSE:
        return SENSE_STANCES
    return CONSENSUS_STANCES if rule in {Rule.CONSENSUS, Rule.CONSENT, Rule.UNANIMITY} else VOTING_STANCES


def counts_people(rule: Rule) -> bool:
    """Tell whether a rule counts people instead of agencies."""
    return rule in {Rule.HEADS, Rule.SENSE}


def at_least_as_demanding(rule: Rule, than: Rule) -> bool:
    """Tell whether an author may choose `rule` where `than` is the consortium's own.

    A sense check decides nothing, so it is always allowed.
    """
    return rule is Rule.SENSE or _DEMANDING[rule] >= _DEMANDING.get(than, 0)


def needed_for_quorum(percent: int, electorate: int) -> int:
    """Count how many must be heard: the percentage rounded up, and at least two."""
    return max(2, (percent * electorate + 99) // 100)


@dataclass(frozen=True)
class Statement:
    """One word that stands for an agency, with its reason and speaker."""

    stance: Stance
    reason: str
    said: Spoken


@dataclass(frozen=True)
class Standing:
    """Where one agency stands.

    `stance` is empty where it is silent or divided; `own` are the words that speak for it, `voices` the
    others. A divided agency is heard and takes no side, except that a block within it stands.
    """

    stance: Stance | None = None
    divided: bool = False
    own: Sequence[Statement] = ()
    voices: Sequence[Statement] = ()

    @property
    def heard(self) -> bool:
        """Tell whether the agency has said anything."""
        return bool(self.own)

    @property
    def blocks(self) -> bool:
        """Tell whether a block stands."""
        return any(word.stance is Stance.BLOCK for word in self.own)


def agency_standing(said: Sequence[Statement], named: Named) -> Standing:
    """Work out where an agency stands from all that its people said."""
    chosen = speaking([word.said for word in said], named)
    own = [word for word in said if any(word.said is spoken for spoken in chosen)]
    latest = {word.said.member_id: word for word in said}
    voices = [word for word in latest.values() if word not in own]
    kinds = {word.stance for word in own}
    if len(kinds) == 1:
        return Standing(kinds.pop(), own=own, voices=voices)
    return Standing(divided=len(kinds) > 1, own=own, voices=voices)


@dataclass(frozen=True)
class Tally:
    """How the electorate stands: `electorate` agencies (or people), of which `counts` took each position."""

    electorate: int
    counts: Mapping[Stance, int] = field(default_factory=Counter)
    divided: int = 0
    blocks: int = 0

    @property
    def heard(self) -> int:
        """Count those heard: a divided agency was heard too."""
        return sum(self.counts.values()) + self.divided

    def of(self, *kinds: Stance) -> int:
        """Count those who took one of these positions."""
        return sum(self.counts.get(kind, 0) for kind in kinds)


def tally_agencies(standings: Mapping[AgencyId, Standing]) -> Tally:
    """Count where the agencies of the electorate stand; the silent ones are among them."""
    counts = Counter(s.stance for s in standings.values() if s.stance is not None)
    return Tally(
        electorate=len(standings),
        counts=counts,
        divided=sum(s.divided for s in standings.values()),
        blocks=sum(s.blocks for s in standings.values()),
    )


def tally_people(said: Sequence[Stance], electorate: int) -> Tally:
    """Count people instead of agencies."""
    return Tally(electorate=electorate, counts=Counter(said), blocks=said.count(Stance.BLOCK))


def decide(rule: Rule, needed: int, counted: Tally, *, others_agree: bool = True) -> ProposalState:
    """Find the outcome.

    `needed` is the quorum as a number. `others_agree` says whether an agency besides the author's agrees,
    which consent asks for.
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
    """No block; agree and reservations more than half of those heard, and at least twice those aside."""
    together = counted.of(Stance.AGREE, Stance.RESERVATIONS)
    return not counted.blocks and 2 * together > counted.heard and together >= 2 * counted.of(Stance.ASIDE)


def _consent(counted: Tally, *, others_agree: bool) -> bool:
    """No block; another agency agrees; fewer than a third of the electorate stand aside."""
    return not counted.blocks and others_agree and 3 * counted.of(Stance.ASIDE) < counted.electorate


def _unanimity(counted: Tally) -> ProposalState:
    """Every agency agrees, with or without reservations; if only silence is lacking, nothing is decided."""
    together = counted.of(Stance.AGREE, Stance.RESERVATIONS)
    if together == counted.electorate:
        return ProposalState.ADOPTED
    return ProposalState.NOT_DECIDED if together == counted.heard else ProposalState.NOT_ADOPTED


def _vote(rule: Rule, needed: int, counted: Tally) -> bool:
    """Two thirds, or more than half, of yes and no; and yes at least half the quorum."""
    yes = counted.of(Stance.YES, Stance.YES_RESERVATIONS)
    sides = yes + counted.of(Stance.NO)
    enough = 3 * yes >= 2 * sides if rule is Rule.TWO_THIRDS else 2 * yes > sides
    return sides > 0 and enough and 2 * yes >= needed


def closing_time_after_late_block(closes_at: datetime, now: datetime, *, given_time: bool) -> datetime | None:
    """Give the new closing time after a block in the last 48 hours, once; None where nothing changes."""
    if given_time or closes_at - now > LATE_BLOCK:
        return None
    return closes_at + LATE_BLOCK_EXTENSION


def can_extend(state: ProposalState, decided_at: datetime | None, now: datetime, *, extended: bool) -> bool:
    """Tell whether what was not decided can still be given the same time again."""
    return (
        state is ProposalState.NOT_DECIDED
        and not extended
        and decided_at is not None
        and now - decided_at <= EXTENSION_WINDOW
    )


SHORTEST_CONSENT = timedelta(hours=72)


def is_long_enough_for_consent(opens: datetime, closes: datetime) -> bool:
    """Tell whether a proposal is open for 72 hours and for three working days.

    Both moments are wall-clock times of the consortium without a zone. Three working days are 72 hours that
    lie on Mondays to Fridays.
    """
    if closes - opens < SHORTEST_CONSENT:
        return False
    return working_time(opens, closes) >= timedelta(days=3)


def working_time(begin: datetime, end: datetime) -> timedelta:
    """Add up the time from Monday to Friday between two wall-clock moments."""
    total = timedelta()
    at = begin
    while at < end:
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
        if at.weekday() < 5:
            total += min(midnight, end) - at
        at = midnight
    return total


def earliest_consent_closing(opens: datetime) -> datetime:
    """Give the earliest wall-clock moment at which a proposal by consent may close."""
    at = opens
    left = timedelta(days=3)
    while left > timedelta():
        midnight = datetime.combine(at.date() + timedelta(days=1), datetime.min.time())
        if at.weekday() < 5:
            step = min(midnight - at, left)
            left -= step
            at = at + step if left == timedelta() else midnight
        else:
            at = midnight
    return max(at, opens + SHORTEST_CONSENT)
