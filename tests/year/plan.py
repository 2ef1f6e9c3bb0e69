"""What people intend to do during the year, drawn at random before it begins."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.year import council
from tests.year.cast import Human, Scale, agencies, monday

EVERY_HOURS = 6
"""People act together, at 43 minutes past every sixth hour, when nothing of the bot's is due."""

MINUTE = 43
PROPOSING = time(16, 22)


@dataclass(frozen=True, order=True)
class Action:
    """Something that a person does at a certain time."""

    at: datetime
    what: str
    who: str
    more: dict[str, Any] = field(compare=False, default_factory=dict)


def slot(at: datetime) -> datetime:
    """Return the next time at which people act."""
    first = at.replace(hour=at.hour - at.hour % EVERY_HOURS, minute=MINUTE, second=0, microsecond=0)
    return first if first >= at else first + timedelta(hours=EVERY_HOURS)


def on(week: int, weekday: int, clock: time) -> datetime:
    """Return a time in a week; Monday is 0."""
    return datetime.combine(monday(week) + timedelta(days=weekday), clock, UTC)


def actions(scale: Scale, cast: list[Human]) -> Iterator[Action]:
    """List all actions, in no order."""
    first = [human for human in cast if human.comes == 0]
    for week in range(scale.weeks):
        yield from _moving(week, cast)
        yield from _absences(scale, week, first)
        yield from _closures(scale, week)
        for turn, human in enumerate(scale.random("items", week).sample(first, 2)):
            if human.seat == "representative":
                yield Action(slot(on(week, 0, time(20))), "item", human.name, {"title": f"Topic {week}.{turn}"})
        for turn, weekday in enumerate((1, 3)):
            author = scale.random("author", week, turn).choice([h for h in first if h.seat == "representative"])
            yield Action(on(week, weekday, PROPOSING), "propose", author.name, {"matter": week * 2 + turn + 1})


def _moving(week: int, cast: list[Human]) -> Iterator[Action]:
    for human in cast:
        if human.comes == week and week:
            yield Action(slot(on(week, 2, time(18))), "come", human.name)
        if human.goes == week:
            yield Action(slot(on(week, 2, time(19))), "go", human.name)


def _absences(scale: Scale, week: int, people: list[Human]) -> Iterator[Action]:
    """Let a few people be away or pause; one of those away speaks for an agency."""
    dice = scale.random("absences", week)
    staying = [human for human in people if human.goes is None or human.goes > week + 1]
    # note-takers stay: the story does not model who stands in for them
    busy = council.takers_around(scale, on(week, 0, time()))
    seated = [human for human in staying if human.seat != "member" and human.agency not in busy]
    plain = [human for human in staying if human.seat == "member"]
    for human in [*dice.sample(plain, max(1, scale.people // 80)), dice.choice(seated)]:
        begin = slot(on(week, dice.choice((1, 4)), time(15)))
        until = begin.date() + timedelta(days=dice.randrange(3, 15))
        yield Action(begin, "away", human.name, {"until": until})
    for human in dice.sample(staying, max(1, scale.people // 120)):
        yield Action(slot(on(week, 4, time(18))), "pause", human.name)


def _closures(scale: Scale, week: int) -> Iterator[Action]:
    """Close agencies: all of them in winter, otherwise now and then; a few announce it only in the same week."""
    dice = scale.random("closures", week)
    for agency in agencies(scale):
        if week == 1:
            yield _closed(week, agency, date(2026, 12, 21 + dice.randrange(3)), date(2027, 1, dice.randrange(1, 8)))
        elif dice.random() < 0.15:
            first = monday(week + dice.randrange(1, 4)) + timedelta(days=dice.randrange(5))
            yield _closed(week, agency, first, first + timedelta(days=dice.choice((0, 0, 0, 1, 4))))
        elif dice.random() < 0.02:
            thursday = monday(week) + timedelta(days=3)
            yield _closed(week, agency, thursday, thursday)


def _closed(week: int, agency: str, first: date, last: date) -> Action:
    return Action(slot(on(week, 0, time(21))), "close", "ana", {"agency": agency, "first": first, "last": last})


def votes(scale: Scale, matter: int, made: datetime, cast: list[Human]) -> Iterator[Action]:
    """List when each agency votes on a proposal; some are late and some silent."""
    for agency in agencies(scale):
        dice = scale.random("vote", matter, agency)
        if dice.random() < 0.9:
            seat = "representative" if dice.random() < 0.8 else "alternate"
            who = next(h for h in cast if h.agency == agency and h.seat == seat)
            hours = dice.uniform(1, 130) if dice.random() < 0.7 else dice.uniform(130, 160)
            stance = dice.choice(("agree", "agree", "agree", "abstain", "reservations It takes time"))
            yield Action(slot(made + timedelta(hours=hours)), "vote", who.name, {"matter": matter, "stance": stance})


def writes(scale: Scale, month: int, asked: int) -> bool:
    """Return whether the note-taker writes the minutes when asked for the nth time."""
    return scale.random("minutes", month).choice((1, 1, 1, 2, 3, 4)) <= asked


def answer(scale: Scale, number: int, name: str, asked: datetime) -> Action | None:
    """Return a person's answer to a round, if any, given when the first message about it arrived."""
    dice = scale.random("answer", number, name)
    luck = dice.random()
    if luck > 0.74:
        return None
    hours = dice.choices(
        (dice.uniform(0, 8), dice.uniform(8, 24), dice.uniform(24, 40), dice.uniform(40, 84)), (5, 2, 2, 1)
    )
    what = "skip" if luck > 0.70 else "answer"
    return Action(slot(asked + timedelta(hours=hours[0])), what, name, {"number": number})
