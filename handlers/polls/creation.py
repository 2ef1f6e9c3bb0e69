"""Create a poll, and queue its message for the channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.kit import dates
from handlers.kit.callers import Caller
from handlers.kit.notices.messages import queue_live_message
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, shows_nothing, truncate
from handlers.polls import rules, snapshot, views
from storage import audit, consortia, seals
from storage.names import normalize_name
from storage.polls import Poll, PollOption
from storage.seals import KeyRing
from storage.vocabulary import PollKind, ResultVisibility

MAX_QUESTION = 200
MAX_LABEL = 100


@dataclass(frozen=True)
class PollDraft:
    """A poll before it is created. In a time poll, `starts` has a time for each option."""

    question: str
    channel: str
    options: Sequence[str]
    closes_at: datetime
    kind: PollKind = PollKind.ONE
    most: int = 1
    starts: Sequence[datetime] = ()
    anonymous: bool = False
    shows: ResultVisibility = ResultVisibility.AT_ONCE
    open_options: bool = False
    by_agency: bool = False
    remind: bool = False
    private: bool = False

    @property
    def names_lengths(self) -> bool:
        """Return whether a time was typed with its end, which is not kept: `friday 9:00-10:30`."""
        return bool(self.starts) and any(dates.length_of_hours(option) for option in self.options)

    @property
    def closes_late(self) -> bool:
        """Return whether people can still vote when the first of the times is over."""
        return bool(self.starts) and self.closes_at > min(self.starts)


def create_poll(session: Session, caller: Caller, ring: KeyRing, draft: PollDraft, now: datetime) -> Poll:
    """Create a poll, and queue its message for the channel. Raise Refusal if the draft is not valid."""
    check_draft(draft)
    consortium = caller.consortium
    poll = Poll(
        consortium_id=consortium.id,
        number=consortia.next_number(session, consortium.id),
        team_id=caller.workspace,
        channel=draft.channel,
        seal_id=seals.create(session, ring) if draft.anonymous else None,
        author_id=caller.person.id,
        question=draft.question,
        kind=draft.kind,
        most=draft.most,
        anonymous=draft.anonymous,
        shows=ResultVisibility.AT_CLOSE if draft.anonymous else draft.shows,
        open_options=draft.open_options,
        by_agency=draft.by_agency,
        remind=draft.remind,
        private=draft.private,
        created_at=now,
        closes_at=draft.closes_at,
        remind_at=now if draft.remind else None,
    )
    session.add(poll)
    session.flush()
    for place, label in enumerate(draft.options, start=1):
        starts_at = draft.starts[place - 1] if draft.starts else None
        session.add(
            PollOption(poll_id=poll.id, place=place, label=label, starts_at=starts_at, author_id=caller.person.id)
        )
    queue_live_message(
        session, poll, caller.user_id, lambda: views.live_message(snapshot.load_snapshot(session, poll)), now
    )
    audit.record(session, consortium.id, caller.person.id, "asked", f"poll {poll.number}", now)
    return poll


def check_draft(draft: PollDraft) -> None:
    """Check a draft. Raise Refusal if it is not a valid poll."""
    if draft.channel.startswith("D"):
        raise Refusal("Ask in the channel of the consortium, so that everyone can see the poll and vote.")
    if shows_nothing(draft.question):
        raise Refusal("A poll needs a question.", field="question")
    if len(draft.question) > MAX_QUESTION:
        raise Refusal(
            f"The question has {len(draft.question):,} characters. The limit is {MAX_QUESTION}.", field="question"
        )
    _check_options(draft)
    limit = max(2, len(draft.options))
    if draft.kind is PollKind.SEVERAL and not 1 <= draft.most <= limit:
        raise Refusal(f"In this poll, people can pick from 1 to {limit} choices.", field="most")
    if draft.kind is PollKind.DOTS and not 1 <= draft.most <= 100:
        raise Refusal("Give people 1 to 100 dots to spend.", field="most")
    if draft.anonymous and draft.by_agency:
        raise Refusal(
            "A poll cannot be anonymous and have one voice per agency: people have to know which agency voted. Choose "
            "one of the two.",
            field="options",
        )


def _check_options(draft: PollDraft) -> None:
    least = 1 if draft.open_options else 2
    if len(draft.options) < least:
        has = {0: "no choices", 1: "one choice"}[len(draft.options)]
        needs = "one to begin with" if draft.open_options else "at least two"
        raise Refusal(
            f"I understood a poll with the question “{escape(truncate(draft.question, 80))}”, but it has {has}. A poll "
            f"needs {needs}.",
            field="choices",
        )
    if len(draft.options) > rules.MAX_OPTIONS:
        raise Refusal(
            f"A poll has room for {rules.MAX_OPTIONS} choices. This one has {len(draft.options)}.", field="choices"
        )
    for label in draft.options:
        if shows_nothing(label):
            raise Refusal("One of the choices shows no words. Write what can be chosen.", field="choices")
        if len(label) > MAX_LABEL:
            raise Refusal(
                (
                    f"The choice “{escape(truncate(label, 40))}” has {len(label):,} characters. The limit is "
                    f"{MAX_LABEL}."
                ),
                field="choices",
            )
    repeated = _first_repeated([normalize_name(label) for label in draft.options])
    if repeated is None and (repeated := _first_repeated(draft.starts)) is not None:
        same = draft.options[draft.starts.index(draft.starts[repeated])], draft.options[repeated]
        first, second = (escape(truncate(option, 80)) for option in same)
        raise Refusal(f"“{first}” and “{second}” are the same time.", field="choices")
    if repeated is not None:
        raise Refusal(f"The choice “{escape(truncate(draft.options[repeated], 80))}” is there twice.", field="choices")


def _first_repeated(values: Sequence[object]) -> int | None:
    """Return the index of the first value that occurred before. None if all differ."""
    return next((index for index, value in enumerate(values) if value in values[:index]), None)
