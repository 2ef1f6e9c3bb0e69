"""The messages that each person had to receive and when, played from the first day to the last."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.year import council
from tests.year.cast import Human, Scale, wall
from tests.year.facts import Facts
from tests.year.rules import (
    DAY,
    EIGHT,
    ExpectedMessage,
    Message,
    Times,
    is_quiet,
    open_from,
    questions,
    rounds,
    unheard,
    working_day,
)

SOON = "begins"
"""The kind of message that cannot wait, and that no other message joins."""

TIMED = {"pulse", "minutes", "lack"}
"""The kinds that have a time of their own."""

WRITTEN = {"chair", "notes", "begins", "minutes", "lack"}
"""The kinds that are obsolete once the minutes are written."""


def due(scale: Scale, times: Times, until: datetime) -> list[ExpectedMessage]:
    """List all messages due to people before a time."""
    messages: dict[str, list[Message]] = {name: [] for name in times.facts.joined}
    for one in rounds(times, until):
        for name, at in one.asked.items():
            messages[name] += questions(one.number, at, one.closes) if at is not None else []
    found = []
    for human in [*times.facts.cast.values(), council.CHAIR]:
        if human.name in times.facts.joined:
            own = [*unheard(times.facts, human), *council.messages(scale, times, human, until)]
            found += PersonTimeline(times, human, [*messages[human.name], *own]).expected(until)
    return found


class PersonTimeline:
    """One person, who receives messages in open hours, together, once a day, and not while away."""

    def __init__(self, times: Times, human: Human, messages: Sequence[Message]) -> None:
        self._times, self._human = times, human
        self._waiting = list(messages)
        self._last_day: date | None = None
        self._expected: list[ExpectedMessage] = []
        self._heard_of: dict[int, date] = {}
        """The day of the last message about each round: there is at most one a day."""

    @property
    def _facts(self) -> Facts:
        return self._times.facts

    def _day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self._human.zone)).date()

    def expected(self, until: datetime) -> list[ExpectedMessage]:
        """Play the timeline. Return the messages that were due."""
        while self._waiting:
            now = self._times.alive(min(message.look for message in self._waiting))
            if now >= until:
                break
            # a reminder is not even considered if the agency was heard in time
            needless = [m for m in self._waiting if m.kind == "unheard" and m.look == m.due <= now]
            needless = [m for m in needless if not self._is_wanted(m, now)]
            if needless:
                self._drop(*needless)
            else:
                self._step(now)
        return self._expected

    def _drop(self, *gone: Message) -> None:
        self._waiting = [message for message in self._waiting if message not in gone]

    def _step(self, now: datetime) -> None:
        if not self._times.belongs(self._human, now):
            self._drop(*[message for message in self._waiting if message.due <= now])
            return
        self._drop(*[message for message in self._waiting if message.due <= now and message.over <= now])
        fresh = sorted((m for m in self._waiting if m.due <= now), key=lambda m: (m.kind, m.number, m.place))
        away = self._times.absent_until(self._human, now)
        if away is not None:
            self._wait(fresh, away)
        elif is_quiet(now, self._human.zone):
            self._deliver_together([message for message in fresh if message.kind == SOON], now)
            self._wait([m for m in fresh if m.kind != SOON], open_from(now, self._human.zone))
        else:
            self._deliver_together(fresh, now)

    def _wait(self, messages: Sequence[Message], until: datetime) -> None:
        for message in messages:
            message.look = until
            if message.over <= until:
                self._drop(message)

    def _deliver_together(self, fresh: Sequence[Message], now: datetime) -> None:
        """Deliver the messages with a time of their own, and the others with them or once a day."""
        # minutes that are written are not asked for again, so no message is ready for the others to join
        timed = [m for m in fresh if m.kind in TIMED and (m.kind not in WRITTEN or self._is_wanted(m, now))]
        going = [message for message in fresh if message.kind in TIMED or message.kind == SOON]
        for message in fresh:
            if message not in going:
                turn = now if timed else self._turn(message, now)
                message.look = turn
                going += [message] if turn <= now else []
        said = [message for message in self._in_order(going, now) if self._deliver(message, now)]
        if any(message.kind != SOON for message in said):
            self._last_day = self._day(now)

    def _in_order(self, going: Sequence[Message], now: datetime) -> list[Message]:
        """Leave out a second reminder of the same round in one message."""
        rounds: dict[tuple[str, int], Message] = {}
        for message in sorted(going, key=lambda m: m.place):
            key = ("round" if message.kind.startswith("pulse") else message.kind, message.number)
            if key in rounds:
                self._drop(message)
            elif self._is_wanted(message, now):
                rounds[key] = message
            else:
                self._drop(message)
        return list(rounds.values())

    def _is_wanted(self, message: Message, now: datetime) -> bool:
        key = (message.number, self._human.name)
        if message.kind in WRITTEN:
            return not (message.number in self._facts.minutes and self._facts.minutes[message.number] <= now)
        if message.kind == "unheard":
            proposal = next(m for m in self._facts.proposals.values() if m.number == message.number)
            return self._human.agency not in proposal.heard or proposal.heard[self._human.agency] > now
        done = [known[key] for known in (self._facts.answered, self._facts.skipped) if key in known]
        return not any(at <= now for at in done)

    def _deliver(self, message: Message, now: datetime) -> bool:
        """Deliver a message. If the agency is closed today, postpone it to the next day on which it is open."""
        there = now.astimezone(ZoneInfo(self._human.zone))
        if message.kind.startswith("pulse") and self._times.is_closed(self._human.agency, there.date(), now):
            later = working_day(self._times, self._human, there.date(), there.time(), now)
            message.look = later or message.over
            return False
        self._drop(message)
        if message.kind.startswith("pulse") and self._heard_of.get(message.number) == there.date():
            return False
        if message.kind.startswith("pulse"):
            self._heard_of[message.number] = there.date()
        self._expected.append(ExpectedMessage(message.kind, message.number, self._human.name, now))
        return True

    def _turn(self, message: Message, now: datetime) -> datetime:
        """Return the time of the day's one message in which a reminder is included."""
        today = self._day(now)
        company = [
            other.due
            for other in self._waiting
            if other.kind == "pulse" and other.due > now and self._day(other.due) == today and message.over > other.due
        ]
        if company:
            return min(company)
        if self._last_day != today:
            return now
        tomorrow = open_from(wall(today + DAY, EIGHT, self._human.zone), self._human.zone)
        return now if message.over <= tomorrow else tomorrow
