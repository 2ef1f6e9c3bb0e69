"""The audit log: who did what and when, but never what a person wrote, chose, or voted."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.vocabulary import ConsortiumId, MemberId


class AuditEntry(Base):
    """An entry of the audit log. `subject` is text for people: "proposal 12", "agency Elm County Schools"."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), index=True)
    member_id: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]


def record(
    session: Session,
    consortium_id: ConsortiumId,
    member_id: MemberId | None,
    action: str,
    subject: str,
    now: datetime,
) -> None:
    """Add an entry. `member_id` is None for actions of the bot itself."""
    session.execute(
        insert(AuditEntry).values(
            consortium_id=consortium_id, member_id=member_id, action=action, subject=subject[:200], at=now
        )
    )
