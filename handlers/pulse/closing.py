"""Closing a round: opening what was sealed, keeping what may be kept, and telling what came of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.pulse import snapshot, views
from handlers.pulse.rules import results
from handlers.pulse.rules.results import Answer
from storage import members, notices, outbox, pulse, seals
from storage.members import Member
from storage.notices import Wanted
from storage.pulse import Round
from storage.seals import KeyRing
from storage.vocabulary import AgencyId, NoticeKind, RoundState


def close(session: Session, ring: KeyRing, closing: Round, now: datetime) -> None:
    """Close a locked, open round: count, destroy the answers, and leave the result for its channel."""
    asked, _ = pulse.counts(session, closing.id)
    answers = [
        Answer(AgencyId(opened["agency"]), opened["scores"], opened["comment"])
        for opened in seals.open_all(session, ring, closing.seal_id)
    ]
    closing.result = results.dump(results.summarise(asked, closing.questions, answers))
    closing.state = RoundState.CLOSED
    notices.withdraw(session, closing.consortium_id, NoticeKind.PULSE, closing.number)
    session.flush()
    taken = snapshot.take(session, closing)
    planned = pulse.of(session, closing.consortium_id)
    setter = members.named(session, {planned.set_by}) if planned else {}
    outbox.put(
        session,
        team_id=closing.team_id,
        channel=closing.channel,
        body=views.result_post(taken),
        fallback=views.result_post(taken, chart=False),
        about=f"the result of the pulse, round {closing.number}",
        now=now,
        consortium_id=closing.consortium_id,
        answers_to=next((member.user_id for member in setter.values()), None),
    )
    if taken.concerns:
        _tell(session, closing, members.facilitators(session, closing.consortium_id), now)


def _tell(session: Session, closing: Round, people: Sequence[Member], now: datetime) -> None:
    notices.put(
        session,
        *(
            Wanted(
                closing.consortium_id,
                member.id,
                closing.team_id,
                NoticeKind.CLIMATE,
                f"pulse/{closing.number}/climate/{member.id}",
                closing.number,
                now,
            )
            for member in people
        ),
    )
