"""Voices: what members said on proposals beside those who speak for their agency.

`handlers.kit.voices` has the rule.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import voices
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.representation import Named
from handlers.kit.voices import PROPOSAL, AgencyVoices, News
from handlers.proposals import rules
from handlers.proposals.rules import Statement
from storage import proposals
from storage.notices import Notice
from storage.open_electors import OpenElector, open_electors
from storage.vocabulary import ConsortiumId, NoticeId


def notify_counting_voices(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Queue a notice for each person whose voice has started to count, once for each proposal."""
    for elector in open_electors(session, consortium_id, now):
        people = voices.concerned(News.COUNTS, elector.said, _named(elector))
        proposal = proposals.get(session, consortium_id, elector.number) if people else None
        if proposal is not None:
            voices.tell(session, PROPOSAL, News.COUNTS, proposal, people, now)


def render_voices(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the news about what people said on proposals, if it is still true."""
    electors = open_electors(session, due[0].consortium_id, now) if due else []
    return voices.render(session, PROPOSAL, due, [_voices(elector) for elector in electors])


def _voices(elector: OpenElector) -> AgencyVoices:
    named = _named(elector)
    standing = rules.agency_standing([Statement(spoken.stance, "", spoken) for spoken in elector.said], named)
    return AgencyVoices(
        elector.number, elector.title, elector.closes_at, elector.agency, named, elector.said, standing.divided
    )


def _named(elector: OpenElector) -> Named:
    return Named(elector.representative, elector.alternate)
