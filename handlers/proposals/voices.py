"""Voices: positions of members whose agency has somebody named to speak for it.

A voice starts to count when nobody is named any more. The person who gave it did not expect that, so they are told.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.representation import Named, speaking
from handlers.proposals import views
from storage import notices
from storage.notices import Notice, Wanted
from storage.open_electors import OpenElector, open_electors
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, NoticeKind, Seat


def notify_counting_voices(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Tell each person whose voice has started to count, once for each proposal."""
    for elector in open_electors(session, consortium_id, now):
        for member_id in _counting_voices(elector):
            key = f"proposal/{elector.number}/voice/{member_id}"
            about = (NoticeKind.VOICE, key, elector.number)
            notices.put(session, Wanted(consortium_id, member_id, elector.team_id, *about, now, elector.closes_at))


def render_counting_voice_notices(
    session: Session, due: Sequence[Notice], now: datetime
) -> dict[NoticeId, RenderedNotice]:
    """Tell people that their voice counts now, unless somebody was named to speak in the meantime."""
    rendered: dict[NoticeId, RenderedNotice] = {}
    electors = open_electors(session, due[0].consortium_id, now) if due else []
    for notice in due:
        elector = next(
            (one for one in electors if one.number == notice.subject and notice.member_id in _counting_voices(one)),
            None,
        )
        if elector is not None:
            rendered[notice.id] = views.counting_voice_notice(
                elector.number, elector.title, elector.agency, elector.closes_at
            )
    return rendered


def _counting_voices(elector: OpenElector) -> list[MemberId]:
    """List the members who gave a voice beside somebody named, and now speak for the agency."""
    named = Named(elector.representative, elector.alternate)
    own = speaking(elector.said, named) if named.nobody else []
    return [said.member_id for said in own if said.seat is Seat.MEMBER and not said.sole]
