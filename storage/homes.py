"""Home tabs that were opened lately, and what they show."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.database import Base


class Home(Base):
    """A person's home tab, when it was last opened, and a digest of what it shows."""

    __tablename__ = "home"

    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    digest: Mapped[str] = mapped_column(String(64), default="")
