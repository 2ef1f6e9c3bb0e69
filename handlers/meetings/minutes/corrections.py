"""Corrections of posted minutes: people propose them, and one person decides on them."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, quote, slack_date, strip_list_marker
from handlers.meetings import channel_posts, participants
from handlers.meetings.minutes import snapshot, views
from handlers.meetings.minutes.posted import (
    a_working_day_from,
    answerable,
    check_open,
    check_wording_is_current,
    decision_at,
    keep_open,
    version_of,
)
from storage import audit, live_messages, members, minutes, notices, occurrences
from storage.meetings import Series
from storage.members import Member
from storage.minutes import Correction, Minutes, RecordedDecision
from storage.notices import NewNotice
from storage.vocabulary import CorrectionState, NoticeKind

MAX_CORRECTION = 1000
"""The longest correction, in characters."""


def propose_correction(
    session: Session, caller: Caller, minutes_id: int, subject: tuple[int, int] | None, text: str, now: datetime
) -> str:
    """Propose a correction to minutes, which are locked. Return the answer.

    `subject` is the place of the decision whose new wording `text` is, and the version that the caller had before
    them; or None. A correction by the person who decides is accepted at once. Raise `Refusal` where that is not
    possible.
    """
    if subject is not None:
        text = " ".join(strip_list_marker(text).split())
    if not text or len(text) > MAX_CORRECTION:
        raise Refusal(
            f"A correction has 1 to {MAX_CORRECTION:,} characters, for example: We meet on Tuesday, not on Thursday.",
            field="text",
        )
    record, _, series = check_open(session, caller, minutes.lock(session, minutes_id), now)
    place = None
    if subject is not None:
        place, version = subject
        decision = _find_correctable(session, record, place, "text")
        check_wording_is_current(session, decision, version, "place")
        if decision.text == text:
            raise Refusal("The decision already says this. Write what it should say instead.", field="text")
    correction = Correction(minutes_id=record.id, member_id=caller.person.id, place=place, text=text, at=now)
    session.add(correction)
    session.flush()
    audit.record(session, record.consortium_id, caller.person.id, "proposed a correction", series.title, now)
    decider = _decider(session, record, series, now)
    if decider is not None and decider.id == caller.person.id:
        return _accept(session, caller, record, series, correction, now)
    keep_open(session, record, ask_to_decide(session, record, series, correction, now))
    if decider is None:
        return (
            "The author of these minutes and the people who run this meeting have left. Your correction is shown in "
            "the thread of the minutes, where a facilitator can accept it."
        )
    return f"{escape(decider.name)} is asked to accept your correction. The minutes will then show it."


def ask_to_decide(session: Session, record: Minutes, series: Series, correction: Correction, now: datetime) -> datetime:
    """Ask about a correction, unless that was done. Return until when it can be answered.

    That is a working day from when the person who decides was told, which is in their open hours. Until they are told,
    it is counted from when that can be.
    """
    told = notices.last_sent_about(session, NoticeKind.CORRECTION, correction.id)
    if told is not None:
        person = members.by_ids(session, [told[0]])[told[0]]
        if person.left_at is None:
            return quiet_hours.next_working_day(told[1], person.zone)
    decider = _decider(session, record, series, now)
    if decider is None:
        asked_at = now if _ask_in_thread(session, record, series, correction, now) else correction.at
        return a_working_day_from(session, series, asked_at, series.zone)
    about = (NoticeKind.CORRECTION, f"correction/{correction.id}/{decider.id}", correction.id)
    # one that was dropped while the person had left would never be sent
    notices.add_or_revive(session, NewNotice(record.consortium_id, decider.id, series.team_id, *about, now))
    return a_working_day_from(session, series, max(now, decider.away_until or now), decider.zone)


def _decider(session: Session, record: Minutes, series: Series, now: datetime) -> Member | None:
    """Return the person who decides on corrections: the first of those who answer for the minutes and is not away.

    None where all have left.
    """
    present = answerable(session, record, series)
    return next((person for person in present if not participants.is_away(person, now)), next(iter(present), None))


def _ask_in_thread(session: Session, record: Minutes, series: Series, correction: Correction, now: datetime) -> bool:
    """Show a correction once in the thread of the minutes, for any facilitator who can see it there.

    Return whether that was done now.
    """
    if not occurrences.claim(session, record.consortium_id, f"correction/{correction.id}/thread", now):
        return False
    proposer = members.by_ids(session, [correction.member_id])[correction.member_id]
    shown = snapshot.load_snapshot(session, record)
    decision = next((d for d in shown.decisions if d.place == correction.place), None)
    body = views.correction_in_thread(correction.id, correction.text, proposer.name, decision)
    channel_posts.post(session, series, body, f"a correction of {series.title}", now, thread_of=record.live_id)
    return True


def decide_correction(
    session: Session, caller: Caller, correction_id: int, version: int, now: datetime, *, take: bool
) -> str:
    """Accept a correction, or decline it where `take` is False. Return the answer.

    `version` is that of the decision's wording that the caller had before them. Raise `Refusal` where it is no longer
    current, where the caller may not decide, or where the correction is already decided.
    """
    correction = minutes.get_correction(session, correction_id)
    locked = minutes.lock(session, correction.minutes_id) if correction else None
    record, _, series = check_open(session, caller, locked, now)
    if correction is not None:
        # another request may have decided it while this one waited for the lock
        session.refresh(correction)
    if correction is None or correction.state is not CorrectionState.OPEN:
        raise Refusal("This correction is already decided. Nothing has changed.")
    if caller.person.id != record.author_id and not participants.may_change(series, caller.person):
        raise Refusal(
            "Only the author of the minutes, the meeting's chair or planner, or a facilitator can decide on "
            "corrections. You can discuss it in the thread of the minutes."
        )
    if take:
        _check_replaces_what_was_shown(session, record, correction, version)
        return _accept(session, caller, record, series, correction, now)
    return _decline(session, caller, record, series, correction, now)


def _accept(
    session: Session, caller: Caller, record: Minutes, series: Series, correction: Correction, now: datetime
) -> str:
    decision = None if correction.place is None else _find_correctable(session, record, correction.place)
    more = ""
    if decision is not None:
        # silence is acceptance only of what agencies could read and still object to
        until = keep_open(session, record, a_working_day_from(session, series, now, series.zone))
        more = (
            f"\nBefore: {quote(decision.text, MAX_CORRECTION)}\n"
            f"Agencies can object to it until {slack_date(until, series.zone)}."
        )
        original = decision.original or decision.text
        decision.text = correction.text
        decision.original = original if original != decision.text else None
    correction.state, correction.decided_by = CorrectionState.TAKEN, caller.person.id
    session.flush()
    live_messages.request_update(session, record.live_id)
    proposer = members.by_ids(session, [correction.member_id])[correction.member_id]
    by = "" if proposer.id == caller.person.id else f", accepted by {escape(caller.person.name)}"
    subject = f" of decision {decision.place}" if decision is not None else ""
    text = f"Correction{subject} by {escape(proposer.name)}{by}: {quote(correction.text, MAX_CORRECTION)}{more}"
    about = f"a correction of {series.title}"
    channel_posts.post(session, series, views.thread_note(text), about, now, thread_of=record.live_id)
    tell_proposer(session, record, series, correction, now)
    return "The correction is accepted, and the minutes show it."


def _decline(
    session: Session, caller: Caller, record: Minutes, series: Series, correction: Correction, now: datetime
) -> str:
    correction.state, correction.decided_by = CorrectionState.DECLINED, caller.person.id
    session.flush()
    tell_proposer(session, record, series, correction, now)
    if correction.member_id == caller.person.id:
        return "The minutes stay as they are."
    proposer = members.by_ids(session, [correction.member_id])[correction.member_id]
    return f"The minutes stay as they are. {escape(proposer.name)} will be told."


def tell_proposer(session: Session, record: Minutes, series: Series, correction: Correction, now: datetime) -> None:
    """Leave the news of what became of a correction for the person who proposed it, once."""
    if correction.member_id != correction.decided_by:
        key = f"correction/{correction.id}/news/{correction.member_id}"
        about = (NoticeKind.CORRECTED, key, correction.id, now)
        notices.add(session, NewNotice(record.consortium_id, correction.member_id, series.team_id, *about))


def open_corrections(session: Session, record: Minutes) -> list[Correction]:
    """List the corrections of minutes on which nobody has decided."""
    return [c for c in minutes.list_corrections(session, record.id) if c.state is CorrectionState.OPEN]


def _check_replaces_what_was_shown(session: Session, record: Minutes, correction: Correction, version: int) -> None:
    """Ask again, as a Refusal with buttons, where another correction came first: accepting would discard it unread."""
    if correction.place is None:
        return
    decision = _find_correctable(session, record, correction.place)
    current = version_of(session, decision)
    if version != current:
        raise Refusal(
            f"Decision {decision.place} was corrected since you were asked, so nothing has changed yet. It now says: "
            f"{quote(decision.text, 600)} Should it be changed to {quote(correction.text, 1200)}?",
            buttons=views.correction_choices(correction.id, current),
        )


def _find_correctable(session: Session, record: Minutes, place: int, field: str | None = None) -> RecordedDecision:
    """Return a decision whose wording can still be corrected. Raise `Refusal` where there is none at this place."""
    decision = decision_at(session, record, place, field)
    if decision.proposal is not None:
        raise Refusal(
            f"An agency has objected to decision {place}. It is now proposal #{decision.proposal}, whose author can "
            "amend it.",
            field=field,
        )
    return decision
