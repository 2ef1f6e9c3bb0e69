"""Agencies, the consortium's member organizations."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database import Base
from storage.names import normalize_name
from storage.vocabulary import AgencyId, ConsortiumId

_LIVING = text("ended_at IS NULL")


class Agency(Base):
    """A district, university, nonprofit, business, or social service in the consortium.

    `weight` is the agreed share of the work; it never changes the agency's voice. `folded` is the name in the form in
    which names are compared. `domain` is the domain of the agency's email addresses. `seated_at` is when somebody was
    first named to speak for the agency, None until then.
    """

    __tablename__ = "agency"
    __table_args__ = (
        Index(
            "uq_agency_living_name",
            "consortium_id",
            "folded",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
    )

    id: Mapped[AgencyId] = mapped_column(primary_key=True)
    consortium_id: Mapped[ConsortiumId] = mapped_column(ForeignKey("consortium.id"))
    name: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(240))
    weight: Mapped[float] = mapped_column(default=1.0)
    domain: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    seated_at: Mapped[datetime | None]


def add(
    session: Session,
    consortium_id: ConsortiumId,
    name: str,
    now: datetime,
    *,
    weight: float = 1.0,
    domain: str | None = None,
) -> Agency:
    """Add an agency.

    Raise `sqlalchemy.exc.IntegrityError` if an agency that has not ended has the same name.
    """
    agency = Agency(
        consortium_id=consortium_id,
        name=name,
        folded=normalize_name(name),
        weight=weight,
        domain=domain,
        created_at=now,
    )
    session.add(agency)
    session.flush()
    return agency


def rename(agency: Agency, name: str) -> None:
    """Rename an agency."""
    agency.name = name
    agency.folded = normalize_name(name)


def active(session: Session, consortium_id: ConsortiumId) -> Sequence[Agency]:
    """List the agencies that have not ended, ordered by name."""
    return session.scalars(
        select(Agency).where(Agency.consortium_id == consortium_id, Agency.ended_at.is_(None)).order_by(Agency.folded)
    ).all()


def find_by_name(session: Session, consortium_id: ConsortiumId, name: str) -> Agency | None:
    """Find the agency with this name that has not ended."""
    return session.scalar(
        select(Agency).where(
            Agency.consortium_id == consortium_id, Agency.ended_at.is_(None), Agency.folded == normalize_name(name)
        )
    )


def all_by_id(session: Session, consortium_id: ConsortiumId) -> dict[AgencyId, Agency]:
    """Map ids to all agencies, including those that have ended."""
    rows = session.scalars(select(Agency).where(Agency.consortium_id == consortium_id))
    return {agency.id: agency for agency in rows}


def find_by_email(session: Session, consortium_id: ConsortiumId, email: str | None) -> Agency | None:
    """Find the agency whose domain, or a subdomain of it, an email address has; None if no current agency matches.

    Of several domains that match, the most specific decides: `oak.k12.example` before `k12.example`.
    """
    domain = (email or "").rpartition("@")[2].casefold()
    if not domain:
        return None
    matching = [
        (agency.domain, agency)
        for agency in active(session, consortium_id)
        if agency.domain and (domain == agency.domain or domain.endswith("." + agency.domain))
    ]
    return max(matching, key=lambda pair: len(pair[0]))[1] if matching else None


def find_by_domain(session: Session, consortium_id: ConsortiumId, domain: str | None) -> Agency | None:
    """Find the agency that has not ended and uses exactly this email domain."""
    if domain is None:
        return None
    uses = (Agency.consortium_id == consortium_id, Agency.ended_at.is_(None), Agency.domain == domain)
    return session.scalars(select(Agency).where(*uses).order_by(Agency.id).limit(1)).first()


def ended(session: Session, consortium_id: ConsortiumId) -> Sequence[Agency]:
    """List the agencies that have ended, ordered by name; of one name, the one that ended last comes first."""
    query = select(Agency).where(Agency.consortium_id == consortium_id, Agency.ended_at.is_not(None))
    return session.scalars(query.order_by(Agency.folded, Agency.ended_at.desc(), Agency.id.desc())).all()
