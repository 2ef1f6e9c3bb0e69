"""Agenda items of meetings."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import AgendaItemId, AgendaItemState, ConsortiumId, MeetingId, MemberId


class AgendaItem(Base):
    """An agenda item. `length` is in minutes, or None if it was not stated.

    An item without a meeting waits for the next meeting in its channel. `carried` counts how often the item was
    carried over to the next meeting, and `copied_from` is the item of the meeting before.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (Index("ix_agenda_item_channel", "consortium_id", "channel"),)

    id: Mapped[AgendaItemId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    channel: Mapped[str] = mapped_column(String(32))
    meeting_id: Mapped[MeetingId | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    title: Mapped[str] = mapped_column(String(150))
    member_id: Mapped[MemberId] = mapped_column(ForeignKey("member.id"))
    length: Mapped[int | None]
    carried: Mapped[int] = mapped_column(default=0)
    copied_from: Mapped[AgendaItemId | None] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    state: Mapped[AgendaItemState] = mapped_column(default=AgendaItemState.OPEN)
    added_at: Mapped[datetime]


def items_of_meeting(session: Session, meeting_id: MeetingId) -> Sequence[AgendaItem]:
    """List a meeting's items that were not removed: carried-over items first, then in the order they were added."""
    return of_meetings(session, [meeting_id])[meeting_id]


def of_meetings(session: Session, meeting_ids: Collection[MeetingId]) -> dict[MeetingId, list[AgendaItem]]:
    """Map meetings to their items, as `items_of_meeting` lists them."""
    by_meeting: dict[MeetingId, list[AgendaItem]] = {meeting_id: [] for meeting_id in meeting_ids}
    query = select(AgendaItem).where(AgendaItem.meeting_id.in_(meeting_ids), AgendaItem.state != AgendaItemState.GONE)
    for item in session.scalars(query.order_by(AgendaItem.carried.desc(), AgendaItem.added_at, AgendaItem.id)):
        if item.meeting_id is not None:
            by_meeting[item.meeting_id].append(item)
    return by_meeting


def open_copies(session: Session, item_ids: Collection[AgendaItemId]) -> Sequence[AgendaItem]:
    """List the open items that were carried over from these items."""
    return session.scalars(
        select(AgendaItem).where(AgendaItem.copied_from.in_(item_ids), AgendaItem.state == AgendaItemState.OPEN)
    ).all()


def waiting_items(session: Session, consortium_id: ConsortiumId, channel: str) -> Sequence[AgendaItem]:
    """List the items that wait for the next meeting in a channel."""
    return session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.consortium_id == consortium_id,
            AgendaItem.channel == channel,
            AgendaItem.meeting_id.is_(None),
            AgendaItem.state == AgendaItemState.OPEN,
        )
        .order_by(AgendaItem.added_at, AgendaItem.id)
    ).all()


def open_items_in_channel(
    session: Session, consortium_id: ConsortiumId, channel: str, member_id: MemberId
) -> Sequence[AgendaItem]:
    """List the open items that a member brings to the meetings of a channel, waiting ones too."""
    return session.scalars(
        select(AgendaItem)
        .where(
            AgendaItem.consortium_id == consortium_id,
            AgendaItem.channel == channel,
            AgendaItem.member_id == member_id,
            AgendaItem.state == AgendaItemState.OPEN,
        )
        .order_by(AgendaItem.added_at, AgendaItem.id)
    ).all()


def get_item(session: Session, consortium_id: ConsortiumId, item_id: int) -> AgendaItem | None:
    """Find an agenda item of a consortium."""
    return session.scalar(select(AgendaItem).where(AgendaItem.id == item_id, AgendaItem.consortium_id == consortium_id))
