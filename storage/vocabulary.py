"""The consortium's own words as types: what cannot be is what cannot be written."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

ConsortiumId = NewType("ConsortiumId", int)
AgencyId = NewType("AgencyId", int)
CalendarId = NewType("CalendarId", int)
ClosureId = NewType("ClosureId", int)
MemberId = NewType("MemberId", int)
ProposalId = NewType("ProposalId", int)
PollId = NewType("PollId", int)
LiveId = NewType("LiveId", int)
SealId = NewType("SealId", int)
TaskId = NewType("TaskId", int)
NoticeId = NewType("NoticeId", int)
PulseId = NewType("PulseId", int)
RoundId = NewType("RoundId", int)
SeriesId = NewType("SeriesId", int)
MeetingId = NewType("MeetingId", int)
ChangeId = NewType("ChangeId", int)
ItemId = NewType("ItemId", int)
MinutesId = NewType("MinutesId", int)
RecordedId = NewType("RecordedId", int)
CorrectionId = NewType("CorrectionId", int)
RoleId = NewType("RoleId", int)
GivenId = NewType("GivenId", int)
GainId = NewType("GainId", int)
SourceId = NewType("SourceId", int)
DuesId = NewType("DuesId", int)
CautionId = NewType("CautionId", int)


class Seat(StrEnum):
    """What a member is within the agency."""

    MEMBER = "member"
    ALTERNATE = "alternate"
    REPRESENTATIVE = "representative"


class ClosureSource(StrEnum):
    """Where an agency's closed days come from."""

    TYPED = "typed"
    FILE = "file"
    CALENDAR = "calendar"


class CalendarKind(StrEnum):
    """What a calendar is read from."""

    ADDRESS = "address"
    FILE = "file"


class RequestKind(StrEnum):
    """What somebody has to confirm."""

    JOIN = "join"
    SEAT = "seat"


class RequestState(StrEnum):
    """How far a request has come."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Rule(StrEnum):
    """How positions become a decision. The values are the words people type."""

    CONSENSUS = "consensus"
    CONSENT = "consent"
    UNANIMITY = "unanimity"
    TWO_THIRDS = "two-thirds"
    MAJORITY = "majority"
    HEADS = "heads"
    SENSE = "sense"


class Stance(StrEnum):
    """A position on a proposal."""

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
    """Where a proposal stands; all but the first two are outcomes."""

    TALKING = "talking"
    OPEN = "open"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not adopted"
    NOT_DECIDED = "not decided"
    WITHDRAWN = "withdrawn"
    SENSED = "sensed"


class UptakeKind(StrEnum):
    """How an agency takes up a decision."""

    AS_IT_IS = "as it is"
    ADAPTED = "adapted"
    NOT_HERE = "not here"


class PollKind(StrEnum):
    """What a ballot looks like."""

    ONE = "one"
    SEVERAL = "several"
    RANKED = "ranked"
    SCORE = "score"
    DOTS = "dots"
    TIME = "time"


class Shows(StrEnum):
    """When a poll's counts can be seen."""

    AT_ONCE = "at once"
    AFTER_VOTE = "after vote"
    AT_CLOSE = "at close"


class PollState(StrEnum):
    """Whether a poll still takes ballots."""

    OPEN = "open"
    CLOSED = "closed"


class TaskState(StrEnum):
    """Whether something is still to be done."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class GivenKind(StrEnum):
    """What an agency gave."""

    HOURS = "hours"
    MONEY = "money"
    IN_KIND = "in-kind"


class WarningKind(StrEnum):
    """What is watched so that nobody carries too much."""

    PERSON = "person"
    AGENCY = "agency"
    FEW_PEOPLE = "few-people"
    FEW_AGENCIES = "few-agencies"
    GIVING = "giving"
    FUNDING = "funding"
    GAIN = "gain"


class MeetingState(StrEnum):
    """Whether a meeting takes place."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class ItemState(StrEnum):
    """What has become of an item of an agenda."""

    OPEN = "open"
    CARRIED = "carried"
    GONE = "gone"


class CorrectionState(StrEnum):
    """What has become of a correction."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"


class LiveKind(StrEnum):
    """What a live message shows."""

    PROPOSAL = "proposal"
    POLL = "poll"
    AGENDA = "agenda"
    MINUTES = "minutes"


class Delivery(StrEnum):
    """How far a message to Slack has come."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SETTLED = "settled"


class NoticeKind(StrEnum):
    """What the bot tells a person by itself."""

    PROPOSAL = "proposal"
    REVIEW = "review"
    VOICE = "voice"
    POLL = "poll"
    PULSE = "pulse"
    CLIMATE = "climate"
    OFFER = "offer"
    CHAIR = "chair"
    NOTES = "notes"
    NOTES_LEFT = "notes-left"
    MEETING = "meeting"
    MEETING_CHANGE = "meeting-change"
    MINUTES = "minutes"
    MINUTES_LACK = "minutes-lack"
    CORRECTION = "correction"
    TASK = "task"
    ROLE = "role"
    LOAD = "load"
    BALANCE = "balance"
    WEEK = "week"
    UNDELIVERED = "undelivered"


class Manner(StrEnum):
    """How a notice meets the person's day.

    `day` waits for the day's one message; `hour` has an hour of its own and takes along what waits; `soon`
    cannot wait for quiet hours to end.
    """

    DAY = "day"
    HOUR = "hour"
    SOON = "soon"


class NoticeState(StrEnum):
    """Whether a notice was said."""

    WAITING = "waiting"
    SAID = "said"
    DROPPED = "dropped"


class Theme(StrEnum):
    """What the pulse asks about."""

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
    """Whether a round still takes answers."""

    OPEN = "open"
    CLOSED = "closed"


class Every(StrEnum):
    """How often something comes back."""

    WEEK = "week"
    TWO_WEEKS = "2weeks"
    MONTH = "month"


class Language(StrEnum):
    """The languages in which people are asked how the work together goes."""

    ENGLISH = "en"
    SPANISH = "es"


class TodoKind(StrEnum):
    """What may await somebody, in the order in which it is shown."""

    OFFER = "offer"
    PROPOSAL = "proposal"
    POLL = "poll"
    PULSE = "pulse"
    MINUTES = "minutes"
    TASK = "task"
    MEETING = "meeting"


LABEL = 120


@dataclass(frozen=True)
class Days:
    """A stretch of closed days, both ends included, with what it is called."""

    first: date
    last: date
    label: str = ""
