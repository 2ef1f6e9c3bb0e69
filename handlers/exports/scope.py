"""The reader of an export, and the channels that they see."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from handlers.kit.deps import Deps
from handlers.kit.directory import SlackUnavailable
from handlers.kit.export_tables import ExportReader
from handlers.kit.visibility import Channel
from storage import agencies, exports
from storage.consortia import Consortium
from storage.members import Member


def load_reader(session: Session, member: Member, channels: Collection[Channel]) -> ExportReader:
    """Load the data for writing a member's tables. `channels` are those that the member can see."""
    consortium = session.get_one(Consortium, member.consortium_id)
    names = agencies.all_by_id(session, consortium.id), exports.members_by_id(session, consortium.id)
    return ExportReader(session, consortium, member, *names, channels)


def visible_channels(deps: Deps, channels: Collection[Channel], user_id: str) -> tuple[set[Channel], bool]:
    """Ask Slack which of these channels a person sees. Return them, and whether Slack answered for all.

    After the first question without an answer, stop: waiting for each of the others would delay the outbox by minutes.
    """
    visible = set()
    for team, channel in channels:
        try:
            if deps.directory.can_see(team, channel, user_id):
                visible.add((team, channel))
        except SlackUnavailable:
            return visible, False
    return visible, True
