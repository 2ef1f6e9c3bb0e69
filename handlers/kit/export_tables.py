"""Tables of an export: the rows that a feature lists for a reader, and the message that contains them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers.kit.cells import Row
from handlers.kit.visibility import Audience, Channel, Reader, meeting_audience, sees
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.exports import MeetingRecord
from storage.members import Member
from storage.vocabulary import AgencyId, MemberId


@dataclass(frozen=True)
class ExportReader:
    """The person who gets an export, within the transaction that writes it.

    `channels` are the channels that the person can read according to Slack.
    """

    session: Session
    consortium: Consortium
    member: Member
    agencies: Mapping[AgencyId, Agency]
    people: Mapping[MemberId, tuple[str, AgencyId | None]]
    channels: Collection[Channel]

    def agency(self, agency_id: AgencyId | None) -> str:
        """Return the name of an agency. Empty for None."""
        return self.agencies[agency_id].name if agency_id is not None else ""

    def person(self, member_id: MemberId | None) -> str:
        """Return the name of a person. Empty for None."""
        return self.people[member_id][0] if member_id is not None else ""

    def agency_of(self, member_id: MemberId | None) -> str:
        """Return the name of a person's agency. Empty for None."""
        return self.agency(self.people[member_id][1]) if member_id is not None else ""

    def sees(self, audience: Audience) -> bool:
        """Return whether this person may see an item."""
        return sees(Reader(self.member.id, self.channels), audience)


def audience_of_meeting(held: MeetingRecord) -> Audience:
    """Return the audience of a meeting of an export."""
    return meeting_audience(
        (held.series.team_id, held.series.channel),
        private=held.series.private,
        chair=held.series.chair_id,
        note_taker=held.meeting.notes_id,
    )


PEOPLE_AND_WORK = "who and what"
DECISIONS_AND_MEETINGS = "decisions and meetings"
BUNDLES = (PEOPLE_AND_WORK, DECISIONS_AND_MEETINGS)
"""An export consists of two messages with at most ten files each, as many as Slack's own form accepts."""


@dataclass(frozen=True)
class ExportTable:
    """A table of an export.

    `title` is its name for people and for its file. `bundle` is the message that contains it. `private_channels` is
    True if rows may belong to private channels: then Slack is asked first which of these the reader is in.
    """

    title: str
    head: Sequence[str]
    rows: Callable[[ExportReader], Iterator[Row]]
    bundle: str
    private_channels: bool = False


def filename(title: str) -> str:
    """Return the name of a table's file."""
    return f"{title.casefold().replace(' ', '-')}.csv"
