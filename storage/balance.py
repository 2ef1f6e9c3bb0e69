"""Who carries what: when to look next, what was warned of, and how the load was week by week."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base
from storage.vocabulary import AgencyId, CautionId, CautionKind, ConsortiumId, MemberId

_LASTS = text("ended_at IS NULL")


class Balance(Base):
    """When to look next at who carries what in a consortium: after each change of work, and each day."""

    __tablename__ = "balance"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    look_at: Mapped[datetime] = mapped_column(index=True)


class Caution(Base):
    """Something that people were warned of, while it lasts.

    `subject` says whom or what it is about ("member/12", "agency/3"), and is empty where it is about the whole.
    `measure` is how bad it was when it was last told; `quiet_until` is set where somebody said that it is agreed.
    """

    __tablename__ = "caution"
    __table_args__ = (
        Index(
            "uq_caution_lasting",
            "consortium_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_LASTS,
            postgresql_where=_LASTS,
        ),
    )

    id: Mapped[CautionId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    kind: Mapped[CautionKind]
    subject: Mapped[str] = mapped_column(String(40), default="")
    measure: Mapped[float]
    times: Mapped[int] = mapped_column(default=1)
    began_at: Mapped[datetime]
    told_at: Mapped[datetime]
    quiet_until: Mapped[datetime | None]
    agreed_by: Mapped[MemberId | None] = mapped_column(ForeignKey("member.id"))
    ended_at: Mapped[datetime | None]


class WeekLoad(Base):
    """What an agency carried in the week that began on this Monday, in hours."""

    __tablename__ = "week_load"

    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"), primary_key=True)
    agency_id: Mapped[AgencyId] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[float]
