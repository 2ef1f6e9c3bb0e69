"""Who an export is for, and what that person may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from handlers.kit.deps import Deps
from handlers.kit.directory import Unanswered
from storage import agencies, exports
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.exports import Held
from storage.members import Member
from storage.vocabulary import AgencyId, MemberId

Channel = tuple[str, str]
"""A workspace and a channel in it."""


@dataclass(frozen=True)
class Reader:
    """Somebody who reads an export, within the transaction that writes it.

    `channels` are those of which Slack said that this person sees them.
    """

    session: Session
    consortium: Consortium
    member: Member
    agencies: Mapping[AgencyId, Agency]
    people: Mapping[MemberId, tuple[str, AgencyId | None]]
    channels: Collection[Channel]

    def agency(self, agency_id: AgencyId | None) -> str:
        """Name an agency; empty for none."""
        return self.agencies[agency_id].name if agency_id is not None else ""

    def person(self, member_id: MemberId | None) -> str:
        """Name a person; empty for nobody."""
        return self.people[member_id][0] if member_id is not None else ""

    def agency_of(self, member_id: MemberId | None) -> str:
        """Name a person's agency."""
        return self.agency(self.people[member_id][1]) if member_id is not None else ""

    def sees(self, held: Held) -> bool:
        """Tell whether this person may see a meeting: as `handlers.meetings.looking.must_see` decides."""
        series, meeting = held.series, held.meeting
        tasks = {series.chair_id, meeting.notes_id, *(item.member_id for item in held.items)}
        return not series.private or self.member.id in tasks or (series.team_id, series.channel) in self.channels


def read(session: Session, member: Member, channels: Collection[Channel]) -> Reader:
    """Make ready what a table needs to be written for somebody."""
    own = member.consortium_id
    consortium = session.get_one(Consortium, own)
    return Reader(session, consortium, member, agencies.every(session, own), exports.people(session, own), channels)


def seen(deps: Deps, wanted: Collection[Channel], user_id: str) -> tuple[set[Channel], bool]:
    """Ask Slack which channels a person sees; tell whether it answered for all.

    Where it does not answer once, it is not asked about the others: whoever waits behind would wait for minutes.
    """
    found = set()
    for team, channel in wanted:
        try:
            if deps.directory.can_see(team, channel, user_id):
                found.add((team, channel))
        except Unanswered:
            return found, False
    return found, True
