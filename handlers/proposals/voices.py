"""Voices: positions of members whose agency has a representative or an alternate.

A voice starts to count when neither is named any more. The person who gave it does not expect that, so they are told.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.representation import Named, speaking
from handlers.proposals import views
from storage import notices
from storage.notices import NewNotice, Notice
from storage.open_electors import OpenElector, open_electors
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, NoticeKind, Seat


def notify_counting_voices(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Queue a notice for each person whose voice has started to count, once for each proposal."""
    for elector in open_electors(session, consortium_id, now):
        for member_id in _counting_voices(elector):
            key = f"proposal/{elector.number}/voice/{member_id}"
            about = (NoticeKind.VOICE, key, elector.number)
            notices.add(session, NewNotice(consortium_id, member_id, elector.team_id, *about, now, elector.closes_at))


def render_counting_voice_notices(
    session: Session, due: Sequence[Notice], now: datetime
) -> dict[NoticeId, RenderedNotice]:
    """Render the notices of voices that still count. Leave out those whose agency has named somebody since."""
    electors = open_electors(session, due[0].consortium_id, now) if due else []
    counting = {(elector.number, member_id): elector for elector in electors for member_id in _counting_voices(elector)}
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in due:
        elector = counting.get((notice.subject, notice.member_id))
        if elector is not None:
            rendered[notice.id] = views.counting_voice_notice(
                elector.number, elector.title, elector.agency, elector.closes_at
            )
    return rendered


def _counting_voices(elector: OpenElector) -> list[MemberId]:
    """Return the members who gave a voice beside a speaker who was named then, and now speak for the agency."""
    named = Named(elector.representative, elector.alternate)
    speaking_now = speaking(elector.said, named) if named.nobody else []
    return [spoken.member_id for spoken in speaking_now if spoken.seat is Seat.MEMBER and not spoken.sole]
