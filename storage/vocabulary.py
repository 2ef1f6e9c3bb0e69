"""The domain's terms as types: ids, states, and kinds."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, NewType

ConsortiumId = NewType("ConsortiumId", int)
AgencyId = NewType("AgencyId", int)
ClosureCalendarId = NewType("ClosureCalendarId", int)
CalendarTitleId = NewType("CalendarTitleId", int)
ClosureId = NewType("ClosureId", int)
MemberId = NewType("MemberId", int)
ProposalId = NewType("ProposalId", int)
PollId = NewType("PollId", int)
LiveMessageId = NewType("LiveMessageId", int)
SealId = NewType("SealId", int)
TaskId = NewType("TaskId", int)
NoticeId = NewType("NoticeId", int)
PulseId = NewType("PulseId", int)
PulseRoundId = NewType("PulseRoundId", int)
SeriesId = NewType("SeriesId", int)
MeetingId = NewType("MeetingId", int)
MeetingChangeId = NewType("MeetingChangeId", int)
AgendaItemId = NewType("AgendaItemId", int)
MinutesId = NewType("MinutesId", int)
RecordedDecisionId = NewType("RecordedDecisionId", int)
CorrectionId = NewType("CorrectionId", int)
RoleId = NewType("RoleId", int)
ContributionId = NewType("ContributionId", int)
GainId = NewType("GainId", int)
FundingSourceId = NewType("FundingSourceId", int)
DuesId = NewType("DuesId", int)
WarningId = NewType("WarningId", int)
ImportDraftId = NewType("ImportDraftId", int)
DraftId = NewType("DraftId", int)


class Seat(StrEnum):
    """A member's part in their agency."""

    MEMBER = "member"
    ALTERNATE = "alternate"
    REPRESENTATIVE = "representative"


class Departure(StrEnum):
    """How a member left: with their Slack account, on their own, or removed by a facilitator."""

    SLACK = "slack"
    OWN = "own"
    REMOVED = "removed"


class ImportKind(StrEnum):
    """What the rows of an imported table are."""

    PEOPLE = "people"
    TASKS = "tasks"
    CONTRIBUTIONS = "contributions"
    GAINS = "gains"


class ImportState(StrEnum):
    """The state of an import."""

    READING = "reading"
    PREVIEW = "preview"
    IMPORTING = "importing"
    IMPORTED = "imported"
    UNDOING = "undoing"


class ImportRowState(StrEnum):
    """The state of one row: what the preview says about it, and what became of it.

    `left` means that it was not carried out, or not undone, because somebody had changed it meanwhile.
    """

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    PROBLEM = "problem"
    DONE = "done"
    UNDONE = "undone"
    LEFT = "left"


class ClosureSource(StrEnum):
    """How an agency's closed days were entered."""

    TYPED = "typed"
    FILE = "file"
    CALENDAR = "calendar"


class CalendarKind(StrEnum):
    """Where a calendar is read from."""

    ADDRESS = "address"
    FILE = "file"


class RequestKind(StrEnum):
    """What a membership request asks for."""

    JOIN = "join"
    SEAT = "seat"


class RequestState(StrEnum):
    """The state of a membership request. It has ended where nobody has to decide it any more."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    ENDED = "ended"


class Rule(StrEnum):
    """A decision rule. The values are the words that people type."""

    CONSENSUS = "consensus"
    CONSENT = "consent"
    UNANIMITY = "unanimity"
    TWO_THIRDS = "two-thirds"
    MAJORITY = "majority"
    HEADS = "heads"
    SENSE = "sense"


RULES_BY_PERSON = (Rule.HEADS, Rule.SENSE)
"""Rules under which people decide, not agencies."""


class Stance(StrEnum):
    """A position on a proposal; `0` to `5` are the levels of a sense check."""

    AGREE = "agree"
    RESERVATIONS = "reservations"
    ASIDE = "aside"
    BLOCK = "block"
    ABSTAIN = "abstain"
    YES = "yes"
    YES_RESERVATIONS = "yes-reservations"
    NO = "no"
    FIST = "0"
    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"


class ProposalState(StrEnum):
    """The state of a proposal. All but the first two are outcomes."""

    TALKING = "talking"
    OPEN = "open"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not adopted"
    NOT_DECIDED = "not decided"
    WITHDRAWN = "withdrawn"
    SENSED = "sensed"


class UptakeKind(StrEnum):
    """How an agency implements a decision."""

    AS_IT_IS = "as it is"
    ADAPTED = "adapted"
    NOT_HERE = "not here"


class PollKind(StrEnum):
    """The kind of a poll, which determines what a ballot contains."""

    ONE = "one"
    SEVERAL = "several"
    RANKED = "ranked"
    SCORE = "score"
    DOTS = "dots"
    TIME = "time"


class ResultVisibility(StrEnum):
    """When people can see a poll's results."""

    AT_ONCE = "at once"
    AFTER_VOTE = "after vote"
    AT_CLOSE = "at close"


class PollState(StrEnum):
    """The state of a poll."""

    OPEN = "open"
    CLOSED = "closed"


class TaskState(StrEnum):
    """The state of a task."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class ContributionKind(StrEnum):
    """The kind of a contribution."""

    HOURS = "hours"
    MONEY = "money"
    IN_KIND = "in-kind"


class WarningKind(StrEnum):
    """What a warning is about: too much work, dependence on a few, or one-sided giving, funding, and gains."""

    PERSON = "person"
    AGENCY = "agency"
    FEW_PEOPLE = "few-people"
    FEW_AGENCIES = "few-agencies"
    GIVING = "giving"
    FUNDING = "funding"
    GAIN = "gain"


class MeetingState(StrEnum):
    """The state of a meeting."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class AgendaItemState(StrEnum):
    """The state of an agenda item; `carried` means that it moved to the next meeting, `gone` that it was removed."""

    OPEN = "open"
    CARRIED = "carried"
    GONE = "gone"


class CorrectionState(StrEnum):
    """The state of a correction to minutes."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"


class LiveMessageKind(StrEnum):
    """What a live message shows."""

    PROPOSAL = "proposal"
    POLL = "poll"
    AGENDA = "agenda"
    MINUTES = "minutes"
    REQUEST = "request"


class DeliveryState(StrEnum):
    """The delivery state of a call to Slack.

    `unknown`: the process stopped while sending, so that Slack may or may not have received it. `settled`: failed or
    unknown, and a person or a newer message has dealt with it.
    """

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SETTLED = "settled"


class NoticeKind(StrEnum):
    """The kind of a notice, which the bot sends on its own."""

    PROPOSAL = "proposal"
    OPENING = "opening"
    VOTING = "voting"
    STAND_IN = "stand-in"
    REVIEW = "review"
    VOICE = "voice"
    POLL = "poll"
    POLL_VOICE = "poll-voice"
    POLL_STAND_IN = "poll-stand-in"
    PULSE = "pulse"
    CLIMATE = "climate"
    OFFER = "offer"
    CHAIR = "chair"
    CHAIR_LEFT = "chair-left"
    NOTES = "notes"
    NOTES_LEFT = "notes-left"
    NOTES_NONE = "notes-none"
    MEETING = "meeting"
    MEETING_CHANGE = "meeting-change"
    MINUTES = "minutes"
    MINUTES_LACK = "minutes-lack"
    MINUTES_LATE = "minutes-late"
    CORRECTION = "correction"
    CORRECTED = "corrected"
    TASK = "task"
    TASK_NEWS = "task-news"
    UNOWNED = "unowned"
    TASKS_LEFT = "tasks-left"
    DEPARTURE = "departure"
    ARRIVAL = "arrival"
    ROLE = "role"
    LOAD = "load"
    BALANCE = "balance"
    WEEK = "week"
    UNDELIVERED = "undelivered"


class NoticeTiming(StrEnum):
    """When a notice is sent.

    `calm`: with another message, or by itself after a day without one. `day`: with the one message of the day. `hour`:
    at its own time, together with other notices that are waiting. `soon`: even in quiet hours.
    """

    CALM = "calm"
    DAY = "day"
    HOUR = "hour"
    SOON = "soon"


class NoticeState(StrEnum):
    """The state of a notice."""

    WAITING = "waiting"
    SAID = "said"
    DROPPED = "dropped"


class Theme(StrEnum):
    """A theme of the pulse's questions."""

    TRUST = "trust"
    HEARD = "heard"
    CLARITY = "clarity"
    FAIRNESS = "fairness"
    COMMUNICATION = "communication"
    PACE = "pace"
    DISAGREEING = "disagreeing"
    AGENCY_GAIN = "agency-gain"
    OWN_GAIN = "own-gain"


class RoundState(StrEnum):
    """The state of a pulse round."""

    OPEN = "open"
    CLOSED = "closed"


class PulseInterval(StrEnum):
    """How often the pulse is repeated."""

    WEEK = "week"
    TWO_WEEKS = "2weeks"
    MONTH = "month"


class Language(StrEnum):
    """A language of the pulse's questions."""

    ENGLISH = "en"
    SPANISH = "es"


class TodoKind(StrEnum):
    """The kind of a to-do item, in the order of display."""

    OFFER = "offer"
    PROPOSAL = "proposal"
    POLL = "poll"
    PULSE = "pulse"
    MINUTES = "minutes"
    TASK = "task"
    MEETING = "meeting"


LONGEST_LABEL = 120
"""Longest label of closed days, in characters."""


@dataclass(frozen=True)
class ClosedDays:
    """A range of closed days, including both ends, with a label such as "Winter break"."""

    first: date
    last: date
    label: str = ""


class WeekRecord(NamedTuple):
    """What an agency carried in a week: its load in hours, and how many people it had, None if unknown."""

    hours: float
    heads: int | None
