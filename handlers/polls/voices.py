"""Voices: votes of members beside those who speak for their agency.

`handlers.kit.voices` has the rule.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import voices
from handlers.kit.notices.messages import queue_thread_reply
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.voices import POLL, AgencyVoices, News
from handlers.polls import rules, views
from handlers.polls.snapshot import named_speakers
from storage import agencies, members, occurrences, polls
from storage.notices import Notice
from storage.polls import Poll
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, PollState


def notify_counting_voices(session: Session, consortium_id: ConsortiumId, now: datetime) -> None:
    """Tell each person whose vote has started to count, once for each poll."""
    for poll in polls.list_open(session, consortium_id):
        for each in agency_voices(session, poll) if poll.by_agency and now < poll.closes_at else ():
            people = voices.concerned(News.COUNTS, each.said, each.named)
            if poll.private:
                _tell_in_thread(session, poll, each.agency, people, now)
            else:
                voices.tell(session, POLL, News.COUNTS, poll, people, now)


def _tell_in_thread(session: Session, poll: Poll, agency: str, people: Sequence[MemberId], now: datetime) -> None:
    """Post in the thread of a poll in a private channel whose votes count now: nobody knows who is in the channel."""
    for member in members.by_ids(session, people).values():
        if occurrences.claim(session, poll.consortium_id, f"poll/{poll.number}/voice/{member.id}", now):
            post = views.counting_voice_post(member.user_id, agency, poll.number)
            queue_thread_reply(session, poll, post, "news of a vote", now)


def agency_voices(session: Session, poll: Poll) -> Iterator[AgencyVoices]:
    """Yield what was said in a poll for each agency."""
    ballots = polls.list_ballots(session, poll.id)
    named = named_speakers(session, ballots)
    places = polls.option_places(session, poll.id)
    _, divided = rules.agency_ballots(poll.kind, places, ballots, named)
    names = agencies.all_by_id(session, poll.consortium_id)
    for agency_id, speakers in named.items():
        said = [ballot for ballot in ballots if ballot.agency_id == agency_id]
        yield AgencyVoices(
            poll.number,
            poll.question,
            poll.closes_at,
            names[agency_id].name,
            speakers,
            said,
            agency_id in divided,
        )


def render_voices(session: Session, due: Sequence[Notice], now: datetime) -> dict[NoticeId, RenderedNotice]:
    """Render the news about votes that is still true."""
    found: list[AgencyVoices] = []
    for number in {notice.subject for notice in due}:
        poll = polls.get(session, due[0].consortium_id, number)
        if poll is not None and poll.state is PollState.OPEN and now < poll.closes_at:
            found += agency_voices(session, poll)
    return voices.render(session, POLL, due, found)
