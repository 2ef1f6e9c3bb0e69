"""How long a post may have had to wait without anybody having been slow."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.year.life import Life
from tests.year.rules import Told

A_MINUTE = timedelta(minutes=1)
A_SECOND = 3
"""So many posts a second Slack takes at least."""


class Patience:
    """Knows how long a post may have had to wait: for a bot that was dead, for Slack, and for its turn."""

    def __init__(self, life: Life, told: Sequence[Told]) -> None:
        self._spans = [*life.witness.held, *((d.at, d.back or d.at) for d in life.keeper.deaths)]
        self._reposted = life.driver.doing.facts.reposted
        self._together: dict[datetime, int] = defaultdict(int)
        for one in told:
            self._together[one.at] += 1

    def excuse(self, at: datetime, came: datetime) -> timedelta:
        """Give how much later than due it may have come."""
        if any(at < asked <= came < asked + A_MINUTE for asked in self._reposted):
            return came - at
        held = sum(
            ((min(until, came) - max(since, at)) for since, until in self._spans if since < came and until > at),
            timedelta(),
        )
        return held + timedelta(seconds=self._together[at] / A_SECOND)


def was_quicker(life: Life, one: Told) -> bool:
    """Tell whether somebody answered while the bot was coming back, before it reminded them of what it had missed.

    Their form had been open when it died.
    """
    if one.kind != "pulse again" or not any(death.back == one.at for death in life.keeper.deaths):
        return False
    answered = life.driver.doing.facts.answered.get((one.number, one.who))
    return answered is not None and one.at <= answered <= one.at + A_MINUTE and not _came(life, one)


def _came(life: Life, one: Told) -> bool:
    ids = life.driver.doing.facts.ids
    return any(
        post.at >= one.at and ids.get(post.whom) == one.who and (one.kind, one.number) in post.matters
        for post in life.witness.posts
    )
