"""What meetings talk about: the items of their agendas."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import ConsortiumId, ItemId, ItemState, MeetingId, MemberId


class Item(Base):
    """Something to talk about. `length` is in minutes, None where nobody said.

    Without a meeting it waits for the next one in its channel. `carried` counts how often it was left over.
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
    """List a meeting's items that were not taken off, what was left over first, then as they came."""
    return session.scalars(
        select(Item)
        .where(Item.meeting_id == meeting_id, Item.state != ItemState.GONE)
        .order_by(Item.carried.desc(), Item.added_at, Item.id)
    ).all()


def waiting(session: Session, consortium_id: ConsortiumId, channel: str) -> Sequence[Item]:
    """List what waits for the next meeting in a channel."""
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
    """Find an item of a consortium."""
    return session.scalar(select(Item).where(Item.id == item_id, Item.consortium_id == consortium_id))
