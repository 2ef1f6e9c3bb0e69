"""What happens to posted minutes: corrections, objections, and acceptance by silence."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.kit import quiet_hours
from handlers.kit.callers import Caller
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.representation import Named, speaks
from handlers.kit.text import bold, escape, format_day, quote, slack_date, strip_list_marker, truncate
from handlers.kit.visibility import Reader, sees
from handlers.meetings import channel_posts, participants
from handlers.meetings import snapshot as meeting_snapshot
from handlers.meetings.audience import audience_of
from handlers.meetings.minutes import snapshot, views
from handlers.proposals import creation, openings
from storage import audit, live_messages, meetings, members, minutes, notices, occurrences, outbox
from storage.consortia import Consortium
from storage.meetings import Meeting, Series
from storage.members import Member
from storage.minutes import Correction, Minutes, RecordedDecision
from storage.notices import NewNotice
from storage.vocabulary import CorrectionState, NoticeKind, Rule

MAX_CORRECTION = 1000
"""The longest correction, in characters."""

MAX_REASON = 1500
"""The longest reason of an objection, in characters."""

CONSENT_DAYS = 7
"""The least number of days for a proposal by consent."""


def require_open(session: Session, caller: Caller, minutes_id: int, now: datetime) -> Minutes:
    """Return minutes that can still be corrected. Raise `Refusal` where they do not exist or are accepted."""
    return _require_open(session, caller, minutes.get(session, caller.consortium.id, minutes_id), now)[0]


def _require_open(
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


# corrections -------------------------------------------------------------------------------------------


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
    record, _, series = _require_open(session, caller, minutes.lock(session, minutes_id), now)
    place = None
    if subject is not None:
        place, version = subject
        decision = _find_decision(session, record, place, "text")
        _check_wording_is_current(session, decision, version, "place")
        if decision.text == text:
            raise Refusal("The decision already says this. Write what it should say instead.", field="text")
    correction = Correction(minutes_id=record.id, member_id=caller.person.id, place=place, text=text, at=now)
    session.add(correction)
    session.flush()
    audit.record(session, record.consortium_id, caller.person.id, "proposed a correction", series.title, now)
    decider = _decider(session, record, series, now)
    if decider is not None and decider.id == caller.person.id:
        return _accept(session, caller, record, series, correction, now)
    _keep_open(session, record, _ask_to_decide(session, record, series, correction, now))
    if decider is None:
        return (
            "The author of these minutes and the people who run this meeting have left. Your correction is shown in "
            "the thread of the minutes, where a facilitator can accept it."
        )
    return f"{escape(decider.name)} is asked to accept your correction. The minutes will then show it."


def _ask_to_decide(
    session: Session, record: Minutes, series: Series, correction: Correction, now: datetime
) -> datetime:
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
        return _a_working_day_from(session, series, asked_at, series.zone)
    about = (NoticeKind.CORRECTION, f"correction/{correction.id}/{decider.id}", correction.id)
    # one that was dropped while the person had left would never be sent
    notices.add_or_revive(session, NewNotice(record.consortium_id, decider.id, series.team_id, *about, now))
    return _a_working_day_from(session, series, max(now, decider.away_until or now), decider.zone)


def _a_working_day_from(session: Session, series: Series, at: datetime, zone: str) -> datetime:
    """Return the time a working day after the first open hour from `at` on, in a zone."""
    hours = session.get_one(Consortium, series.consortium_id).quiet_hours
    return quiet_hours.next_working_day(quiet_hours.next_open_time(at, zone, hours), zone)


def _keep_open(session: Session, record: Minutes, at_least: datetime) -> datetime:
    """Keep minutes open at least until a time. Return until when they are open."""
    until = max(record.accepts_at or at_least, at_least)
    if until != record.accepts_at:
        record.accepts_at = until
        live_messages.request_update(session, record.live_id)
    return until


def _decider(session: Session, record: Minutes, series: Series, now: datetime) -> Member | None:
    """Return the person who decides on corrections: the first of those who answer for the minutes and is not away.

    None where all have left.
    """
    present = _answerable(session, record, series)
    return next((person for person in present if not participants.is_away(person, now)), next(iter(present), None))


def _answerable(session: Session, record: Minutes, series: Series) -> list[Member]:
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
    record, _, series = _require_open(session, caller, locked, now)
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
    decision = None if correction.place is None else _find_decision(session, record, correction.place)
    more = ""
    if decision is not None:
        # silence is acceptance only of what agencies could read and still object to
        until = _keep_open(session, record, _a_working_day_from(session, series, now, series.zone))
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
    _tell_proposer(session, record, series, correction, now)
    return "The correction is accepted, and the minutes show it."


def _tell_proposer(session: Session, record: Minutes, series: Series, correction: Correction, now: datetime) -> None:
    """Leave the news of what became of a correction for the person who proposed it, once."""
    if correction.member_id != correction.decided_by:
        key = f"correction/{correction.id}/news/{correction.member_id}"
        about = (NoticeKind.CORRECTED, key, correction.id, now)
        notices.add(session, NewNotice(record.consortium_id, correction.member_id, series.team_id, *about))


def _check_replaces_what_was_shown(session: Session, record: Minutes, correction: Correction, version: int) -> None:
    """Ask again, as a Refusal with buttons, where another correction came first: accepting would discard it unread."""
    if correction.place is None:
        return
    decision = _find_decision(session, record, correction.place)
    current = _version(session, decision)
    if version != current:
        raise Refusal(
            f"Decision {decision.place} was corrected since you were asked, so nothing has changed yet. It now says: "
            f"{quote(decision.text, 600)} Should it be changed to {quote(correction.text, 1200)}?",
            buttons=views.correction_choices(correction.id, current),
        )


def _version(session: Session, decision: RecordedDecision) -> int:
    return minutes.wording_versions(session, decision.minutes_id).get(decision.place, 0)


def _check_wording_is_current(session: Session, decision: RecordedDecision, version: int, field: str) -> None:
    """Raise `Refusal` where a decision was corrected after the version that a form showed."""
    if version != _version(session, decision):
        raise Refusal(
            f"Decision {decision.place} was corrected since this form was opened. It now says: "
            f"{quote(decision.text, 600)} To go on, copy what you wrote, close the form, and open it again.",
            field=field,
        )


def _decision_at(session: Session, record: Minutes, place: int, field: str | None) -> RecordedDecision:
    """Return the decision at a place in minutes. Raise `Refusal` where there is none."""
    decision = next((d for d in minutes.decisions_in(session, record.id) if d.place == place), None)
    if decision is None:
        raise Refusal("There is no such decision in these minutes.", field=field)
    return decision


def _find_decision(session: Session, record: Minutes, place: int, field: str | None = None) -> RecordedDecision:
    """Return a decision whose wording can still be corrected. Raise `Refusal` where there is none at this place."""
    decision = _decision_at(session, record, place, field)
    if decision.proposal is not None:
        raise Refusal(
            f"An agency has objected to decision {place}. It is now proposal #{decision.proposal}, whose author can "
            "amend it.",
            field=field,
        )
    return decision


def _decline(
    session: Session, caller: Caller, record: Minutes, series: Series, correction: Correction, now: datetime
) -> str:
    correction.state, correction.decided_by = CorrectionState.DECLINED, caller.person.id
    session.flush()
    _tell_proposer(session, record, series, correction, now)
    if correction.member_id == caller.person.id:
        return "The minutes stay as they are."
    proposer = members.by_ids(session, [correction.member_id])[correction.member_id]
    return f"The minutes stay as they are. {escape(proposer.name)} will be told."


# objections --------------------------------------------------------------------------------------------


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
    record, meeting, series = _require_open(session, caller, minutes.lock(session, minutes_id), now)
    agency = objecting_agency(session, caller)
    place, version = subject
    decision = _decision_at(session, record, place, "decision")
    _check_wording_is_current(session, decision, version, "decision")
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
    for correction in _open_corrections(session, record):
        if correction.place == place:
            _tell_proposer(session, record, series, correction, now)
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
    present = _answerable(session, record, series)
    others = [person for person in present if person.agency_id != caller.person.agency_id]
    return next(iter([*others, *present]), caller.person)


def _open_for(caller: Caller) -> timedelta | None:
    """Return how long a proposal is open: long enough for consent, or None for the consortium's usual time."""
    consortium = caller.consortium
    if consortium.rule is not Rule.CONSENT:
        return None
    return timedelta(days=max(consortium.open_days, CONSENT_DAYS))


# acceptance --------------------------------------------------------------------------------------------


def accept_by_silence(session: Session, minutes_id: int, now: datetime) -> None:
    """Lock minutes and accept them if they are due.

    A correction proposed late keeps them open for a while, and so does a channel that they have not reached.
    """
    record = minutes.lock(session, minutes_id)
    if record is None or record.accepted_at is not None or record.accepts_at is None or record.accepts_at > now:
        return
    series = meetings.series_of(session, session.get_one(Meeting, record.meeting_id))
    if outbox.find_undelivered(session, record.live_id) is not None:
        # nobody could read them in the channel, so that silence says nothing
        record.accepts_at = _a_working_day_from(session, series, now, series.zone)
        return
    undecided = _open_corrections(session, record)
    contested = {decision.place for decision in minutes.decisions_in(session, record.id) if decision.proposal}
    answerable = [correction for correction in undecided if correction.place not in contested]
    waits = [_ask_to_decide(session, record, series, correction, now) for correction in answerable]
    seen_at = live_messages.posted_at(session, record.live_id)
    if seen_at is not None:
        waits.append(_a_working_day_from(session, series, seen_at, series.zone))
    if max(waits, default=now) > now:
        _keep_open(session, record, max(waits))
        return
    record.accepted_at = now
    session.flush()
    for correction in undecided:
        _tell_proposer(session, record, series, correction, now)
    live_messages.request_update(session, record.live_id)
    text = views.state_sentence(snapshot.load_snapshot(session, record))
    about = f"the acceptance of the minutes of {series.title}"
    channel_posts.post(session, series, views.thread_note(text), about, now, thread_of=record.live_id)


def _open_corrections(session: Session, record: Minutes) -> list[Correction]:
    return [c for c in minutes.list_corrections(session, record.id) if c.state is CorrectionState.OPEN]
