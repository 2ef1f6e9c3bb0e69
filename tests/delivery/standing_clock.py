"""A clock that stands until a test moves it."""


class StandingClock:
    """Shows the time of `now.at`, which a test sets."""

    def __init__(self, now):
        self._now = now

    def now(self):
        return self._now.at

    def monotonic(self):
        return self._now.at.timestamp()
