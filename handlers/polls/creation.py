"""Making a poll: what makes sense as one, and putting it to the channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from handlers.kit.callers import Caller
from handlers.kit.notices.messages import post
from handlers.kit.refusals import Refusal
from handlers.kit.text import cut, escape
from handlers.polls import rules, snapshot, views
from storage import audit, consortia, seals
from storage.polls import Option, Poll
from storage.seals import KeyRing
from storage.vocabulary import PollKind, Shows

QUESTION = 200
LABEL = 100
WATCH = timedelta(days=5)


@dataclass(frozen=True)
class PollDraft:
    """A poll before it is made. In a time poll `starts` has a moment for each option."""

    question: str
    channel: str
    options: Sequence[str]
    closes_at: datetime
    kind: PollKind = PollKind.ONE
    most: int = 1
    starts: Sequence[datetime] = ()
    anonymous: bool = False
    shows: Shows = Shows.AT_ONCE
    open_options: bool = False
    by_agency: bool = False
    remind: bool = False
    private: bool = False


def ask_all(session: Session, caller: Caller, ring: KeyRing, draft: PollDraft, now: datetime) -> Poll:
    """Make a poll and leave its message for the channel. Raises Refusal."""
    check(draft)
    consortium = caller.consortium
    poll = Poll(
        consortium_id=consortium.id,
        number=consortia.next_number(session, consortium.id),
        team_id=caller.workspace,
        channel=draft.channel,
        seal_id=seals.start(session, ring) if draft.anonymous else None,
        author_id=caller.person.id,
        question=draft.question,
        kind=draft.kind,
        most=draft.most,
        anonymous=draft.anonymous,
        shows=Shows.AT_CLOSE if draft.anonymous else draft.shows,
        open_options=draft.open_options,
        by_agency=draft.by_agency,
        remind=draft.remind,
        private=draft.private,
        created_at=now,
        closes_at=draft.closes_at,
        remind_at=max(now, draft.closes_at - WATCH) if draft.remind else None,
    )
    session.add(poll)
    session.flush()
    for place, label in enumerate(draft.options, start=1):
        starts_at = draft.starts[place - 1] if draft.starts else None
        session.add(Option(poll_id=poll.id, place=place, label=label, starts_at=starts_at, author_id=caller.person.id))
    post(session, poll, caller.user_id, lambda: views.live(snapshot.take(session, poll)), now)
    audit.note(session, consortium.id, caller.person.id, "asked", f"poll {poll.number}", now)
    return poll


def check(draft: PollDraft) -> None:
    """Refuse a poll that makes no sense. Raises Refusal."""
    if draft.channel.startswith("D"):
        raise Refusal("Ask in the channel where the consortium talks, so that all can see and answer it.")
    if not draft.question:
        raise Refusal("A poll needs a question.", field="question")
    if len(draft.question) > QUESTION:
        raise Refusal(
            f"The question has {len(draft.question):,} characters; there is room for {QUESTION}.", field="question"
        )
    _check_options(draft)
    if draft.kind is PollKind.SEVERAL and not 1 <= draft.most <= max(2, len(draft.options)):
        raise Refusal(f"The most that one may choose is a number from 1 to {len(draft.options)}.", field="most")
    if draft.kind is PollKind.DOTS and not 1 <= draft.most <= 100:
        raise Refusal("There can be 1 to 100 dots to spend.", field="most")
    if draft.anonymous and draft.by_agency:
        raise Refusal(
            "Anonymous and one voice per agency do not go together: an agency's voice has to be known. Choose one "
            "of the two.",
            field="options",
        )


def _check_options(draft: PollDraft) -> None:
    least = 1 if draft.open_options else 2
    if len(draft.options) < least:
        has = {0: "no choice", 1: "one choice"}[len(draft.options)]
        needs = "one to begin with" if draft.open_options else "two"
        raise Refusal(
            f"I understood a poll with the question “{escape(cut(draft.question, 80))}”, but it has {has}, and a "
            f"poll needs {needs}.",
            field="choices",
        )
    if len(draft.options) > rules.MOST_OPTIONS:
        raise Refusal(
            f"A poll has room for {rules.MOST_OPTIONS} choices; there are {len(draft.options)}.", field="choices"
        )
    for label in draft.options:
        if len(label) > LABEL:
            raise Refusal(
                f"The choice “{escape(cut(label, 40))}” has {len(label):,} characters; there is room for {LABEL}.",
                field="choices",
            )
    twice = _twice([folded(label) for label in draft.options])
    twice = _twice(draft.starts) if twice is None else twice
    if twice is not None:
        raise Refusal(f"The choice “{escape(cut(draft.options[twice], 80))}” stands there twice.", field="choices")


def folded(label: str) -> str:
    """Give a choice as it is compared with others."""
    return " ".join(label.split()).casefold()


def _twice(things: Sequence[object]) -> int | None:
    """Give the place of the first thing that was there before."""
    return next((place for place, thing in enumerate(things) if thing in things[:place]), None)
