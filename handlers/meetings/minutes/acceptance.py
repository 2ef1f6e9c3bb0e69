"""What happens to minutes afterwards: corrections, objections, and being accepted by silence."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.notices.messages import tell
from handlers.kit.refusals import Refusal
from handlers.kit.text import bold, cut, day, escape, moment, quote
from handlers.meetings import channel_posts, participants
from handlers.meetings.minutes import snapshot, views
from handlers.meetings.rules import step_times
from handlers.proposals import creation
from storage import audit, live_messages, meetings, members, minutes, notices
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.minutes import Correction, Minutes
from storage.notices import Wanted
from storage.vocabulary import CorrectionState, NoticeKind, Rule, Seat

CORRECTION = 1000
REASON = 1500
CONSENT_DAYS = 7
ANSWER = timedelta(days=1)
"""So long at least a note-taker has to answer a correction that came late."""


def _open(session: Session, caller: Caller, kept: Minutes | None, now: datetime) -> tuple[Minutes, Meeting, Series]:
    """Refuse what comes after minutes were accepted. Raises Refusal."""
    if kept is None or kept.consortium_id != caller.consortium.id:
        raise Refusal("There are no such minutes.")
    meeting = session.get_one(Meeting, kept.meeting_id)
    series = meetings.series_of(session, meeting)
    if kept.accepted_at is not None or kept.accepts_at is None or now >= kept.accepts_at:
        at = kept.accepted_at or kept.accepts_at or kept.posted_at
        raise Refusal(
            f"The minutes of {bold(series.title)} were accepted {moment(at, series.zone)} and stay as they are. "
            f"What should change can go onto the next agenda: `/meeting add` or be proposed: `/propose`"
        )
    return kept, meeting, series


def look(session: Session, caller: Caller, minutes_id: int, now: datetime) -> Minutes:
    """Give minutes that can still be corrected. Raises Refusal."""
    return _open(session, caller, minutes.get(session, caller.consortium.id, minutes_id), now)[0]


# corrections -------------------------------------------------------------------------------------------


def propose(session: Session, caller: Caller, minutes_id: int, text: str, now: datetime) -> str:
    """Propose a correction; the note-taker decides. Raises Refusal."""
    if not text or len(text) > CORRECTION:
        raise Refusal(
            f"A correction has 1 to {CORRECTION:,} characters, for example: We meet on Tuesday, not on Thursday.",
            field="text",
        )
    kept, _, series = _open(session, caller, minutes.lock(session, minutes_id), now)
    wish = Correction(minutes_id=kept.id, member_id=caller.person.id, text=text, at=now)
    session.add(wish)
    session.flush()
    audit.note(session, kept.consortium_id, caller.person.id, "proposed a correction", series.title, now)
    to = _decides(session, kept, series, now)
    if to is None:
        return _ask_all(session, caller, kept, series, wish, now)
    if to.id == caller.person.id:
        return _take(session, caller, kept, series, wish, now)
    about = (NoticeKind.CORRECTION, f"correction/{wish.id}/{to.id}", wish.id)
    notices.put(session, Wanted(kept.consortium_id, to.id, series.team_id, *about, now))
    return f"{escape(to.name)} is asked to take your correction in. It is shown with the minutes when that is done."


def _ask_all(session: Session, caller: Caller, kept: Minutes, series: Series, wish: Correction, now: datetime) -> str:
    """Ask beneath the minutes where nobody is left to be asked: a facilitator who reads it there can see it."""
    body = views.correction_for_all(wish.id, wish.text, caller.person.name)
    channel_posts.put(session, series, body, f"a correction of {series.title}", now, thread_of=kept.live_id)
    return (
        "Nobody is left who wrote these minutes or runs this meeting, so your correction is shown beneath them, where "
        "a facilitator can take it in."
    )


def _decides(session: Session, kept: Minutes, series: Series, now: datetime) -> Member | None:
    """Give who takes corrections in: who wrote the minutes, else who runs the meeting; None where nobody is left."""
    author = session.get_one(Member, kept.author_id)
    those = [author, participants.chair(session, series), *participants.chiefs(session, series)]
    living = [one for one in those if one is not None and one.left_at is None]
    return next((one for one in living if not participants.is_away(one, now)), next(iter(living), None))


def decide(session: Session, caller: Caller, correction_id: int, now: datetime, *, take: bool) -> str:
    """Take a correction in, or not. Raises Refusal."""
    wish = minutes.correction(session, correction_id)
    kept, _, series = _open(session, caller, minutes.lock(session, wish.minutes_id) if wish else None, now)
    if wish is not None:
        # whoever held the lock may have settled it
        session.refresh(wish)
    if wish is None or wish.state is not CorrectionState.OPEN:
        raise Refusal("This correction is settled already. Nothing has changed.")
    if caller.person.id != kept.author_id and not participants.may_change(series, caller.person):
        raise Refusal(
            "Who wrote the minutes, who chairs or planned the meeting, or a facilitator takes corrections in. You can "
            "talk about it in the thread of the minutes."
        )
    if take:
        return _take(session, caller, kept, series, wish, now)
    wish.state, wish.decided_by = CorrectionState.DECLINED, caller.person.id
    session.flush()
    picture = snapshot.take(session, kept)
    asker = members.named(session, [wish.member_id])[wish.member_id]
    tell(
        session,
        series.team_id,
        asker,
        views.declined(picture, wish.text, caller.person.name),
        "news of a correction",
        now,
    )
    return f"The minutes stay as they are. {escape(asker.name)} is told."


def _take(session: Session, caller: Caller, kept: Minutes, series: Series, wish: Correction, now: datetime) -> str:
    wish.state, wish.decided_by = CorrectionState.TAKEN, caller.person.id
    session.flush()
    live_messages.want(session, kept.live_id)
    asker = members.named(session, [wish.member_id])[wish.member_id]
    by = "" if asker.id == caller.person.id else f", taken in by {escape(caller.person.name)}"
    text = f"Correction by {escape(asker.name)}{by}: {quote(wish.text, CORRECTION)}"
    channel_posts.put(
        session, series, views.thread_note(text), f"a correction of {series.title}", now, thread_of=kept.live_id
    )
    return "The correction is taken in and shown with the minutes."


# objections --------------------------------------------------------------------------------------------


def may_object(session: Session, caller: Caller) -> str:
    """Give the agency for which the caller may object. Raises Refusal."""
    agency = caller.agency
    if agency is None or agency.ended_at is not None:
        raise Refusal("Agencies object, through who speaks for them, and you belong to none: `/consortium join`")
    first, second = members.speakers(session, [agency.id])[agency.id]
    if caller.person.seat is Seat.MEMBER and (first is not None or second is not None):
        names = " or ".join(escape(one.name) for one in (first, second) if one is not None)
        raise Refusal(f"{names} speaks for {escape(agency.name)} and can object. Anyone can propose a correction.")
    return agency.name


def object_to(session: Session, caller: Caller, minutes_id: int, place: int, why: str, now: datetime) -> str:
    """Turn a recorded decision into a proposal. Raises Refusal."""
    if not why or len(why) > REASON:
        raise Refusal(f"Say in 1 to {REASON:,} characters why, so that it can be talked about.", field="why")
    kept, meeting, series = _open(session, caller, minutes.lock(session, minutes_id), now)
    agency = may_object(session, caller)
    one = next((d for d in minutes.decisions(session, kept.id) if d.place == place), None)
    if one is None:
        raise Refusal("There is no such decision in these minutes.", field="decision")
    if one.proposal is not None:
        raise Refusal(f"It was objected to already and is proposal #{one.proposal} now.", field="decision")
    on = moment(meeting.starts_at, series.zone)
    day_of = day(meeting.starts_at.astimezone(ZoneInfo(series.zone)))
    body = f"{one.text}\n\nRecorded in the minutes of {series.title}, {day_of}. {agency} objects: {why}"
    title = cut(" ".join(one.text.split()), creation.TITLE)
    draft = creation.ProposalDraft(title=title, channel=series.channel, body=body, open_for=_open_for(caller))
    try:
        proposal = creation.propose(session, caller, draft, now)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="why") from None
    one.proposal = proposal.number
    session.flush()
    live_messages.want(session, kept.live_id)
    text = f"{escape(agency)} objects to decision {place}: {quote(why, 600)} It is proposal #{proposal.number} now."
    about = f"an objection to a decision of {series.title}"
    channel_posts.put(session, series, views.thread_note(text), about, now, thread_of=kept.live_id)
    return (
        f"Your objection is noted: what was recorded in {bold(series.title)}, {on}, is proposal #{proposal.number} now."
    )


def _open_for(caller: Caller) -> timedelta | None:
    """Give a proposal by consent the time it needs; any other has the consortium's own."""
    own = caller.consortium
    return timedelta(days=max(own.open_days, CONSENT_DAYS)) if own.rule is Rule.CONSENT else None


# acceptance --------------------------------------------------------------------------------------------


def accept(session: Session, minutes_id: int, now: datetime) -> None:
    """Accept minutes by silence, once; a correction that came late is waited for."""
    kept = minutes.lock(session, minutes_id)
    if kept is None or kept.accepted_at is not None or kept.accepts_at is None or kept.accepts_at > now:
        return
    series = meetings.series_of(session, session.get_one(Meeting, kept.meeting_id))
    waiting = [one.at for one in minutes.corrections(session, kept.id) if one.state is CorrectionState.OPEN]
    wait_until = max((step_times.shifted(at, ANSWER, series.zone) for at in waiting), default=now)
    if wait_until > now:
        kept.accepts_at = wait_until
        live_messages.want(session, kept.live_id)
        return
    kept.accepted_at = now
    session.flush()
    live_messages.want(session, kept.live_id)
    text = views.standing(snapshot.take(session, kept))
    about = f"the acceptance of the minutes of {series.title}"
    channel_posts.put(session, series, views.thread_note(text), about, now, thread_of=kept.live_id)
