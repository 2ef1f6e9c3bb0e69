"""Who an export is for, and what that person may see."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from handlers.kit.deps import Deps
from handlers.kit.directory import Unanswered
from handlers.kit.export_tables import ExportReader
from handlers.kit.visibility import Channel
from storage import agencies, exports
from storage.consortia import Consortium
from storage.members import Member


def load_reader(session: Session, member: Member, channels: Collection[Channel]) -> ExportReader:
    """Make ready what a table needs to be written for somebody."""
    own = member.consortium_id
    consortium = session.get_one(Consortium, own)
    return ExportReader(
        session, consortium, member, agencies.every(session, own), exports.people(session, own), channels
    )


def visible_channels(deps: Deps, wanted: Collection[Channel], user_id: str) -> tuple[set[Channel], bool]:
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
