"""Who may see an item. Commands, buttons, details, lists, home tabs and exports all use this rule.

Source: docs/rules.md, "Who sees what". What belongs to a public channel is open to everyone in the workspace. What
belongs to a private channel is open to its members, and to those who have a part in it: to those who bring an item to a
meeting, their own part alone.
"""

from collections.abc import Collection
from dataclasses import dataclass

from storage.vocabulary import MemberId

Channel = tuple[str, str]
"""A workspace and a channel in it."""


@dataclass(frozen=True)
class Audience:
    """The people for whom an item is meant.

    `named` are the members who have a part in the whole item, in the channel or not: the author and those who decide a
    proposal; the chair and the note-taker of a meeting; nobody in a poll.
    """

    channel: Channel
    private: bool
    named: Collection[MemberId | None] = ()


def meeting_audience(
    channel: Channel,
    *,
    private: bool,
    chair: MemberId,
    note_taker: MemberId | None,
) -> Audience:
    """Return the audience of a meeting and its minutes: the chair runs it, and the note-taker writes its record."""
    return Audience(channel, private=private, named={chair, note_taker})


@dataclass(frozen=True)
class Reader:
    """A person who wants to see something. `member_id` is None for people outside the consortium.

    `channels` are those of which Slack has confirmed that the person is in them.
    """

    member_id: MemberId | None
    channels: Collection[Channel] = ()


def sees(reader: Reader, audience: Audience) -> bool:
    """Return whether a person may see an item. If membership of its channel is unknown, return False."""
    if not audience.private:
        return True
    if reader.member_id is None:
        return False
    return audience.channel in reader.channels or reader.member_id in audience.named


def sees_own_part(reader: Reader, bringers: Collection[MemberId]) -> bool:
    """Return whether a person sees their own part of a meeting that they may not see as a whole.

    `bringers` are the members who bring an item to its agenda. Their part is when it is, its title, and these items.
    """
    return reader.member_id is not None and reader.member_id in bringers


class MembershipUnknown(Exception):  # noqa: N818 - it is a question to Slack, not an error
    """Slack has to be asked whether a person is in a channel, outside of any transaction."""

    def __init__(self, channel: Channel) -> None:
        super().__init__("whether a person is in a channel is not known yet")
        self.channel = channel
