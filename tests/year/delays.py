"""How late a post may be without a fault of the bot."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.year.life import Life
from tests.year.rules import ExpectedMessage

A_MINUTE = timedelta(minutes=1)
A_SECOND = 3
"""So many posts a second Slack takes at least."""


class AllowedDelay:
    """Computes how long a post may have waited: for a bot that was down, for Slack, and for its turn."""

    def __init__(self, life: Life, expected: Sequence[ExpectedMessage]) -> None:
        self._spans = [*life.recorder.held, *((d.at, d.back or d.at) for d in life.supervisor.deaths)]
        self._reposted = life.driver.runner.facts.reposted
        self._together: dict[datetime, int] = defaultdict(int)
        for message in expected:
            self._together[message.at] += 1

    def between(self, at: datetime, came: datetime) -> timedelta:
        """Return the allowed delay of a post that was due at `at` and arrived at `came`."""
        if any(at < asked <= came < asked + A_MINUTE for asked in self._reposted):
            return came - at
        held = sum(
            ((min(until, came) - max(since, at)) for since, until in self._spans if since < came and until > at),
            timedelta(),
        )
        return held + timedelta(seconds=self._together[at] / A_SECOND)


def was_quicker(life: Life, message: ExpectedMessage) -> bool:
    """Return whether a person answered or skipped while the bot was coming back, before it could send a reminder.

    They had begun when the bot was killed: their form was open, or their press was stored but not acknowledged.
    """
    if message.kind != "pulse again" or not any(death.back == message.at for death in life.supervisor.deaths):
        return False
    facts, key = life.driver.runner.facts, (message.number, message.who)
    done = facts.answered.get(key) or facts.skipped.get(key)
    return done is not None and message.at <= done <= message.at + A_MINUTE and not _came(life, message)


def _came(life: Life, message: ExpectedMessage) -> bool:
    ids = life.driver.runner.facts.ids
    return any(
        post.at >= message.at and ids.get(post.whom) == message.who and (message.kind, message.number) in post.topics
        for post in life.recorder.posts
    )
