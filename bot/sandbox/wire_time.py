"""Limits in real time, as opposed to story time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class WireTime:
    """How many real seconds the sandbox waits. The defaults for the first two are Slack's own."""

    acknowledgment: float = 3.0
    """For the app to acknowledge a delivery."""
    trigger: float = 3.0
    """For the app to use a trigger_id."""
    first_publish: float = 2.0
    """For the app to publish a person's first home tab after it has acknowledged `app_home_opened`."""
    settling: float = 60.0
    """For a turn of the clock to finish; then it fails with `not_settled`."""
    poll: float = 20.0
    """For something to happen, before a follower of the clock gets an answer anyway."""
    silence: float = 25.0
    """For a follower of the clock to ask again, before it no longer counts."""
    ping: float | None = 20.0
    """For the app to answer a ping on a Socket Mode connection, before it is closed."""


PATIENT = WireTime(acknowledgment=600, trigger=600, first_publish=60, settling=600, silence=600, ping=None)
"""For tests that are not about time: on a busy machine, everything takes as long as it takes."""
