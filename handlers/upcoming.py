"""What is due next, in a few words for people: only its kind, never what it says or to whom."""

from sqlalchemy.orm import Session

from storage import notices
from storage.vocabulary import NoticeKind

FEATURES = {
    "proposals": "a proposal closes or moves on",
    "polls": "a poll closes",
    "pulse": "the pulse goes out or closes",
    "seals": "old seals are wiped",
    "meetings": "a meeting's next step",
    "roles": "a role comes to its end",
    "balance": "a look at who carries too much",
    "notices": "a reminder",
    "deliveries": "a look at what was not delivered",
    "tidiness": "tidying up",
    "people": "a look at people's profiles",
    "calendars": "a look at the agencies' calendars",
    "homes": "a home tab is brought up to date",
    "links": "links to messages are looked at",
}

NOTICES = {
    NoticeKind.PROPOSAL: "a reminder for a proposal",
    NoticeKind.REVIEW: "a decision is looked at again",
    NoticeKind.POLL: "a reminder for a poll",
    NoticeKind.PULSE: "the pulse asks how it goes",
    NoticeKind.CLIMATE: "a word about the climate",
    NoticeKind.OFFER: "a task is offered",
    NoticeKind.CHAIR: "a word to who chairs",
    NoticeKind.NOTES: "a word to who takes the minutes",
    NoticeKind.NOTES_LEFT: "the minutes look for somebody",
    NoticeKind.MEETING: "a reminder for a meeting",
    NoticeKind.MEETING_CHANGE: "news of a meeting",
    NoticeKind.MINUTES: "minutes are asked for",
    NoticeKind.MINUTES_LACK: "minutes are still lacking",
    NoticeKind.CORRECTION: "a correction of the minutes",
    NoticeKind.TASK: "a reminder for a task",
    NoticeKind.ROLE: "news of a role",
    NoticeKind.LOAD: "a kind word about too much work",
    NoticeKind.BALANCE: "the balance of the work",
    NoticeKind.WEEK: "the week in a few lines",
    NoticeKind.UNDELIVERED: "something was not delivered",
}


def words(session: Session, feature: str) -> str:
    """Say what a feature will do when its time comes."""
    kind = notices.next_kind(session) if feature == "notices" else None
    return NOTICES[kind] if kind is not None else FEATURES[feature]
