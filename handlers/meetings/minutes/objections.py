"""Objections of agencies to recorded decisions, which become proposals."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, speaks
from handlers.kit.text import bold, escape, format_day, quote, slack_date, truncate
from handlers.meetings import channel_posts
from handlers.meetings import snapshot as meeting_snapshot
from handlers.meetings.minutes import views
from handlers.meetings.minutes.corrections import open_corrections, tell_proposer
from handlers.meetings.minutes.posted import (
    answerable,
    check_open,
    check_wording_is_current,
    decision_at,
)
from handlers.proposals import creation, openings
from storage import live_messages, members, minutes
from storage.meetings import Series
from storage.members import Member
from storage.minutes import Minutes
from storage.vocabulary import Rule

MAX_REASON = 1500
"""The longest reason of an objection, in characters."""

CONSENT_DAYS = 7
"""The least number of days for a proposal by consent."""


def objecting_agency(session: Session, caller: Caller) -> str:
    """Return the name of the agency for which the caller may object. Raise `Refusal` where there is none."""
    agency = caller.active_agency
    if agency is None:
        raise Refusal(
            "Only agencies can object, and you do not belong to an active one. You can join one: `/consortium join`"
        )
    speakers = members.representatives(session, [agency.id])[agency.id]
    if not speaks(caller.person.seat, Named.of(speakers)):
        names = " or ".join(escape(person.name) for person in speakers if person is not None)
        raise Refusal(f"{names} can object for {escape(agency.name)}. Anyone can propose a correction.")
    return agency.name


def object_to_decision(
    session: Session, caller: Caller, minutes_id: int, subject: tuple[int, int], why: str, now: datetime
) -> str:
    """Turn a recorded decision into a proposal because the caller's agency objects. Return the answer.

    The proposal is in the name of somebody who answers for the minutes: who objects must not be able to withdraw what
    all have decided. `subject` is the place of the decision, and the version of its wording that the caller had before
    them. The minutes are locked. Raise `Refusal` where that is not possible.
    """
    if not why or len(why) > MAX_REASON:
        raise Refusal(f"Give a reason of 1 to {MAX_REASON:,} characters, so that it can be discussed.", field="why")
    record, meeting, series = check_open(session, caller, minutes.lock(session, minutes_id), now)
    agency = objecting_agency(session, caller)
    place, version = subject
    decision = decision_at(session, record, place, "decision")
    check_wording_is_current(session, decision, version, "decision")
    if decision.proposal is not None:
        raise Refusal(f"An agency has already objected. It is now proposal #{decision.proposal}.", field="decision")
    met_on = format_day(meeting.starts_at.astimezone(ZoneInfo(series.zone)))
    body = f"{decision.text}\n\nRecorded in the minutes of {series.title}, {met_on}. {agency} objects: {why}"
    title = truncate(" ".join(decision.text.split()), creation.MAX_TITLE)
    draft = creation.ProposalDraft(
        title=title, channel=series.channel, body=body, open_for=_open_for(caller), private=series.private
    )
    try:
        author = _author_for(session, record, series, caller)
        proposal = creation.create_proposal(session, caller, draft, now, author=author)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="why") from None
    # who is in the channel is not known here, so everybody who decides gets it
    openings.notify_absent_deciders(session, proposal, (), now)
    decision.proposal = proposal.number
    session.flush()
    for correction in open_corrections(session, record):
        if correction.place == place:
            tell_proposer(session, record, series, correction, now)
    live_messages.request_update(session, record.live_id)
    text = f"{escape(agency)} objects to decision {place}: {quote(why, 600)} It is now proposal #{proposal.number}."
    about = f"an objection to a decision of {series.title}"
    channel_posts.post(session, series, views.thread_note(text), about, now, thread_of=record.live_id)
    if author.id != caller.person.id:
        news = views.decision_objected_to(
            meeting_snapshot.load_snapshot(session, meeting), decision.text, agency, why, proposal.number
        )
        queue_direct_message(session, series.team_id, author, news, "news of an objection", now)
    name = f"{bold(series.title)}, {slack_date(meeting.starts_at, series.zone)}"
    return (
        f"Your objection is recorded. Decision {place} of {name}, is now proposal #{proposal.number}, in the name of "
        f"{escape(author.name)}. Take a position on it for {escape(agency)}: `/vote {proposal.number} block REASON`"
    )


def _author_for(session: Session, record: Minutes, series: Series, caller: Caller) -> Member:
    """Return in whose name a contested decision becomes a proposal: if possible, somebody of another agency."""
    present = answerable(session, record, series)
    others = [person for person in present if person.agency_id != caller.person.agency_id]
    return next(iter([*others, *present]), caller.person)


def _open_for(caller: Caller) -> timedelta | None:
    """Return how long a proposal is open: long enough for consent, or None for the consortium's usual time."""
    consortium = caller.consortium
    if consortium.rule is not Rule.CONSENT:
        return None
    return timedelta(days=max(consortium.open_days, CONSENT_DAYS))
