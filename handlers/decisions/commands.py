"""The decision log."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers.decisions import views
from handlers.decisions.views import Entry
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.lists import Page, page
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut, day, escape, lines, listed, quote
from handlers.kit.visibility import Audience, Reader, sees
from handlers.proposals import snapshot
from handlers.proposals.audience import audience_of
from handlers.proposals.labels import STANCE_LABELS
from storage import agencies, meetings, members, minutes, proposals
from storage.meetings import Meeting
from storage.minutes import Minutes, Recorded
from storage.proposals import Proposal

SIZE = 5


def show(request: SlackRequest, typed: Typed) -> None:
    """Show the decisions, newest first, or those with certain words."""
    show_page(request, typed.after(1), 0, replace=False)


def show_page(request: SlackRequest, words: str, number: int, *, replace: bool) -> None:
    """Show one page of the decision log."""
    words = words[:100]
    with request.look("member") as (session, caller):
        shown = page(_entries(session, caller, request.reader(caller.person.id), words), number, SIZE)
        drawn = Page([draw() for _, draw in shown.items], shown.number, shown.last, shown.total)
        blocks = views.decisions(drawn, words)
    request.answer("The decision log.", blocks, replace=replace)


def _entries(
    session: Session, caller: Caller, reader: Reader, words: str
) -> list[tuple[datetime, Callable[[], Entry]]]:
    """List what was decided by proposals and what minutes record, newest first; drawn only where it is shown.

    What belongs to a private channel is listed for its members in that channel, and for those who decide.
    """
    own = caller.consortium
    found: list[tuple[datetime, Callable[[], Entry]]] = [
        (proposal.decided_at, partial(_proposed, session, proposal, own.zone))
        for proposal in proposals.decided(session, own.id, words)
        if proposal.decided_at is not None and sees(reader, audience_of(session, proposal))
    ]
    found += [
        (decision.decided_at, partial(_recorded, session, decision, kept, meeting, own.zone))
        for decision, kept, meeting, series in minutes.recorded(session, own.id, words)
        if sees(reader, Audience((series.team_id, series.channel), private=series.private))
    ]
    return sorted(found, key=lambda pair: pair[0], reverse=True)


def _proposed(session: Session, proposal: Proposal, zone: str) -> Entry:
    """Draw a proposal that came to an outcome."""
    author = members.named(session, [proposal.author_id])[proposal.author_id].name
    at = proposal.decided_at or proposal.closes_at
    review = f" · up for review {day(proposal.review_on)}" if proposal.review_on else ""
    return Entry(
        title=f"#{proposal.number} {proposal.title}",
        text=lines([escape(cut(proposal.verdict, 400)), *_reasons(session, proposal)[:4]]),
        small=f"Proposed by {escape(author)} · ended {day(at.astimezone(ZoneInfo(zone)))}{review}",
        number=proposal.number,
    )


def _recorded(session: Session, one: Recorded, kept: Minutes, meeting: Meeting, zone: str) -> Entry:
    """Draw a decision that minutes record, with the agencies that were there."""
    series = meetings.series_of(session, meeting)
    every = agencies.every(session, one.consortium_id)
    present = listed(sorted(escape(every[agency].name) for agency in kept.agencies if agency in every))
    objected = f" Objected to: it is proposal #{one.proposal} now." if one.proposal else ""
    return Entry(
        title=one.text,
        text=f"Recorded in the minutes of {escape(series.title)}. Present: {present}.{objected}",
        small=f"Recorded in minutes · {day(meeting.starts_at.astimezone(ZoneInfo(zone)))}",
        number=one.proposal,
    )


def _reasons(session: Session, proposal: Proposal) -> list[str]:
    """Quote the reasons that were given, with the agencies for which they were given."""
    picture = snapshot.load_snapshot(session, proposal)
    return [
        f"{STANCE_LABELS[statement.stance]}, {escape(picture.agencies[agency])}: {quote(statement.reason, 120)}"
        for agency, standing in picture.standings.items()
        for statement in standing.own
        if statement.reason
    ]
