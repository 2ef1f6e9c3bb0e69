"""Names of the kinds of polls, for people."""

from handlers.polls.rules import POINTS
from storage.vocabulary import PollKind

KIND_NAMES = {
    PollKind.ONE: "one choice",
    PollKind.SEVERAL: "several choices",
    PollKind.RANKED: "ranked choice",
    PollKind.SCORE: f"points from 0 to {POINTS}",
    PollKind.DOTS: "dots to spend",
    PollKind.TIME: "time poll",
}
