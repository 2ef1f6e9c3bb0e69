"""News to people about what they said for their agency: it counts, or no longer counts, because of others.

They do not expect that, so they are told, each once for each proposal or poll. Proposals and polls share this.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

from handlers.kit.block_kit import MessagePart, actions, button, section
from handlers.kit.notices.sweep import RenderedNotice
from handlers.kit.representation import Named, Spoken, said_by_named, speaking, voices_that_count
from handlers.kit.text import bold, escape, slack_date
from storage import members, notices
from storage.notices import NewNotice, Notice
from storage.vocabulary import ConsortiumId, MemberId, NoticeId, NoticeKind


@dataclass(frozen=True)
class Matter:
    """What people speak on. `name` begins the keys of its notices, `said` is what a person gives, with its word."""

    kind: NoticeKind
    name: str
    said: str
    details: str
    divided: str


PROPOSAL = Matter(
    NoticeKind.VOICE,
    "proposal",
    "position on",
    "proposal.details",
    "It counts as heard and takes no side, except that a block among them stands",
)
POLL = Matter(NoticeKind.POLL_VOICE, "poll", "vote in", "poll.details", "None of their votes counts for it")


class News(StrEnum):
    """What has happened to what a person said."""

    COUNTS = "voice"
    BESIDE = "beside"
    AGAIN = "again"
    DIVIDED = "divided"


@dataclass(frozen=True)
class AgencyVoices:
    """What the people of an agency said in an open proposal or poll, and who is named to speak for it now."""

    number: int
    title: str
    closes_at: datetime
    agency: str
    named: Named
    said: Sequence[Spoken]
    divided: bool


class About(Protocol):
    """An open proposal or poll."""

    @property
    def consortium_id(self) -> ConsortiumId:
        """The consortium."""

    @property
    def team_id(self) -> str:
        """The workspace from which the bot sends the news."""

    @property
    def number(self) -> int:
        """The number."""

    @property
    def closes_at(self) -> datetime:
        """When the news is useless."""


def concerned(news: News, said: Sequence[Spoken], named: Named, *, divided: bool = False) -> list[MemberId]:
    """Return the members of an agency of whom the news is true now."""
    first, second = said_by_named(said, named)
    if news is News.COUNTS:
        return [spoken.member_id for spoken in voices_that_count(said, named)]
    if news is News.BESIDE:
        return [second.member_id] if first is not None and second is not None else []
    if news is News.AGAIN:
        counts = second is not None and any(spoken is second for spoken in speaking(said, named))
        return [second.member_id] if second is not None and counts and named.representative is not None else []
    return [spoken.member_id for spoken in speaking(said, named)] if divided and named.nobody else []


def tell(
    session: Session, matter: Matter, news: News, about: About, people: Collection[MemberId], now: datetime
) -> None:
    """Queue a notice for each of these people, once for each proposal or poll."""
    wanted = [
        NewNotice(
            about.consortium_id,
            member_id,
            about.team_id,
            matter.kind,
            f"{matter.name}/{about.number}/{news}/{member_id}",
            about.number,
            now,
            about.closes_at,
        )
        for member_id in people
    ]
    notices.add(session, *wanted)


def render(
    session: Session, matter: Matter, due: Sequence[Notice], voices: Iterable[AgencyVoices]
) -> dict[NoticeId, RenderedNotice]:
    """Render the notices of which the news is still true."""
    by_number: dict[int, list[AgencyVoices]] = {}
    for each in voices:
        by_number.setdefault(each.number, []).append(each)
    people = members.by_ids(session, {notice.member_id for notice in due})
    rendered: dict[NoticeId, RenderedNotice] = {}
    for notice in due:
        news = News(notice.key.split("/")[2])
        for each in by_number.get(notice.subject, []):
            if notice.member_id in concerned(news, each.said, each.named, divided=each.divided):
                rendered[notice.id] = _part(session, matter, news, each, people[notice.member_id].zone)
    return rendered


@dataclass(frozen=True)
class _Shown:
    """What the texts name: what people spoke on, the agency, its representative, and until when they can change it."""

    title: str
    agency: str
    name: str
    until: str
    divided: bool


def _part(session: Session, matter: Matter, news: News, voices: AgencyVoices, zone: str) -> MessagePart:
    first = voices.named.representative
    name = members.by_ids(session, [first])[first].name if first is not None else ""
    title, until = bold(f"#{voices.number} {voices.title}", 150), slack_date(voices.closes_at, zone)
    text = _TEXTS[news](matter, _Shown(title, escape(voices.agency), escape(name), until, voices.divided))
    return MessagePart(text, [section(text), actions(button("Read or change", matter.details, str(voices.number)))])


def _counts(matter: Matter, shown: _Shown) -> str:
    divided = f" {shown.agency} is divided: its members disagree. {matter.divided}." if shown.divided else ""
    return (
        f"Your {matter.said} {shown.title} now counts for {shown.agency}, because nobody is named to speak for it."
        f"{divided} You can change it until {shown.until}."
    )


def _beside(matter: Matter, shown: _Shown) -> str:
    return (
        f"{shown.name} has spoken for {shown.agency} now. Your {matter.said} {shown.title} is shown as a voice and "
        "does not count any more."
    )


def _again(matter: Matter, shown: _Shown) -> str:
    return (
        f"{shown.name} has taken back what they said for {shown.agency}. Your {matter.said} {shown.title} counts for "
        f"it again, as long as {shown.name} says nothing. You can change it until {shown.until}."
    )


def _divided(matter: Matter, shown: _Shown) -> str:
    return (
        f"{shown.agency} is divided on {shown.title}: nobody is named to speak for it, and its members disagree. "
        f"{matter.divided}. Perhaps you can agree. Everybody can change what they said until {shown.until}."
    )


_TEXTS: dict[News, Callable[[Matter, _Shown], str]] = {
    News.COUNTS: _counts,
    News.BESIDE: _beside,
    News.AGAIN: _again,
    News.DIVIDED: _divided,
}
