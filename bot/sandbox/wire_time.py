"""Limits in real time, as opposed to story time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WireTime:
    """How many real seconds the sandbox waits. The defaults of `acknowledgment` and `trigger` are Slack's limits."""

    acknowledgment: float = 3.0
    """For the app to acknowledge a delivery."""
    trigger: float = 3.0
    """For the app to use a trigger_id."""
    first_publish: float = 2.0
    """For the app to publish a person's first home tab, once it has acknowledged `app_home_opened`."""
    settling: float = 60.0
    """For followers to catch up with the clock; after that, an advance fails with `not_settled`."""
    poll: float = 20.0
    """Before a follower of the clock gets an answer even though nothing has happened."""
    silence: float = 25.0
    """Before a follower of the clock that does not ask again is forgotten."""
    ping: float | None = 20.0
    """For the app to answer a ping on a Socket Mode connection; None for no limit."""


PATIENT = WireTime(acknowledgment=600, trigger=600, first_publish=60, settling=600, silence=600, ping=None)
"""For tests that are not about time: a busy machine may take as long as it needs."""
