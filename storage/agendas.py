"""Agenda items of meetings."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import ConsortiumId, ItemId, ItemState, MeetingId, MemberId


class Item(Base):
    """An agenda item. `length` is in minutes, or None if it was not stated.

    An item without a meeting waits for the next meeting in its channel. `carried` counts how often the item was
    carried over to the next meeting.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (Index("ix_agenda_item_channel", "consortium_id", "channel"),)

    id: Mapped[ItemId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    channel: Mapped[str] = mapped_column(String(32))
    meeting_id: Mapped[MeetingId | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    title: Mapped[str] = mapped_column(String(150))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    length: Mapped[int | None]
    carried: Mapped[int] = mapped_column(default=0)
    state: Mapped[ItemState] = mapped_column(default=ItemState.OPEN)
    added_at: Mapped[datetime]


def of_meeting(session: Session, meeting_id: MeetingId) -> Sequence[Item]:
    """List a meeting's items that were not removed: carried-over items first, then in the order they were added."""
    return of_meetings(session, [meeting_id])[meeting_id]


def of_meetings(session: Session, meeting_ids: Collection[MeetingId]) -> dict[MeetingId, list[Item]]:
    """Map meetings to their items, as `of_meeting` lists them."""
    by_meeting: dict[MeetingId, list[Item]] = {meeting_id: [] for meeting_id in meeting_ids}
    query = select(Item).where(Item.meeting_id.in_(meeting_ids), Item.state != ItemState.GONE)
    for item in session.scalars(query.order_by(Item.carried.desc(), Item.added_at, Item.id)):
        if item.meeting_id is not None:
            by_meeting[item.meeting_id].append(item)
    return by_meeting


def waiting(session: Session, consortium_id: ConsortiumId, channel: str) -> Sequence[Item]:
    """List the items that wait for the next meeting in a channel."""
    return session.scalars(
        select(Item)
        .where(
            Item.consortium_id == consortium_id,
            Item.channel == channel,
            Item.meeting_id.is_(None),
            Item.state == ItemState.OPEN,
        )
        .order_by(Item.added_at, Item.id)
    ).all()


def get(session: Session, consortium_id: ConsortiumId, item_id: int) -> Item | None:
    """Find an agenda item of a consortium."""
    return session.scalar(select(Item).where(Item.id == item_id, Item.consortium_id == consortium_id))
