"""Posted minutes that are not accepted yet: who answers for them, which wording holds, and until when they are open."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, quote, slack_date
from handlers.kit.visibility import Reader, sees
from handlers.meetings import participants
from handlers.meetings import snapshot as meeting_snapshot
from handlers.meetings.audience import audience_of
from storage import live_messages, meetings, minutes
from storage.consortia import Consortium
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.minutes import Minutes, RecordedDecision


def require_open(session: Session, caller: Caller, minutes_id: int, now: datetime) -> Minutes:
    """Return minutes that can still be corrected. Raise `Refusal` where they do not exist or are accepted."""
    return check_open(session, caller, minutes.get(session, caller.consortium.id, minutes_id), now)[0]


def check_open(
    session: Session, caller: Caller, record: Minutes | None, now: datetime
) -> tuple[Minutes, Meeting, Series]:
    """Return minutes, their meeting and its series. Raise `Refusal` where they do not exist or are accepted."""
    if record is None or record.consortium_id != caller.consortium.id:
        raise Refusal("These minutes do not exist.")
    meeting = session.get_one(Meeting, record.meeting_id)
    series = meetings.series_of(session, meeting)
    if record.accepted_at is not None or record.accepts_at is None or now >= record.accepts_at:
        at = record.accepted_at or record.accepts_at or record.posted_at
        raise Refusal(
            f"The minutes of {bold(series.title)} were accepted {slack_date(at, series.zone)} and no longer change. "
            "You can put it on the next agenda with `/meeting add`, or propose a change with `/propose`."
        )
    return record, meeting, series


def answerable(session: Session, record: Minutes, series: Series) -> list[Member]:
    """List those who answer for minutes: their author, then the people who run the meeting, without those who left.

    In a private channel, only people who have a part in the meeting answer: the author may have left the channel.
    """
    author = session.get_one(Member, record.author_id)
    meeting = session.get_one(Meeting, record.meeting_id)
    may_see = sees(Reader(author.id), audience_of(meeting_snapshot.load_snapshot(session, meeting)))
    candidates = [
        author if may_see else None,
        participants.acting_chair(session, series),
        *participants.organizers(session, series),
    ]
    return [person for person in candidates if person is not None and person.left_at is None]


def decision_at(session: Session, record: Minutes, place: int, field: str | None) -> RecordedDecision:
    """Return the decision at a place in minutes. Raise `Refusal` where there is none."""
    decision = next((d for d in minutes.decisions_in(session, record.id) if d.place == place), None)
    if decision is None:
        raise Refusal("There is no such decision in these minutes.", field=field)
    return decision


def version_of(session: Session, decision: RecordedDecision) -> int:
    """Return how often the wording of a decision has been corrected."""
    return minutes.wording_versions(session, decision.minutes_id).get(decision.place, 0)


def check_wording_is_current(session: Session, decision: RecordedDecision, version: int, field: str) -> None:
    """Raise `Refusal` where a decision was corrected after the version that a form showed."""
    if version != version_of(session, decision):
        raise Refusal(
            f"Decision {decision.place} was corrected since this form was opened. It now says: "
            f"{quote(decision.text, 600)} To go on, copy what you wrote, close the form, and open it again.",
            field=field,
        )


def keep_open(session: Session, record: Minutes, at_least: datetime) -> datetime:
    """Keep minutes open at least until a time. Return until when they are open."""
    until = max(record.accepts_at or at_least, at_least)
    if until != record.accepts_at:
        record.accepts_at = until
        live_messages.request_update(session, record.live_id)
    return until


def a_working_day_from(session: Session, series: Series, at: datetime, zone: str) -> datetime:
    """Return the time a working day after the first open hour from `at` on, in a zone."""
    hours = session.get_one(Consortium, series.consortium_id).quiet_hours
    return quiet_hours.next_working_day(quiet_hours.next_open_time(at, zone, hours), zone)
