"""Titles of calendars, which close an agency only where somebody has chosen that."""

import re
import unicodedata
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CLOSURES = sa.table(
    "closure",
    sa.column("id", sa.Integer),
    sa.column("agency_id", sa.Integer),
    sa.column("source", sa.String),
    sa.column("label", sa.String),
    sa.column("title_id", sa.Integer),
)
_TITLES = sa.table(
    "calendar_title",
    sa.column("id", sa.Integer),
    sa.column("agency_id", sa.Integer),
    sa.column("title", sa.String),
    sa.column("folded", sa.String),
    sa.column("suggested", sa.Boolean),
    sa.column("closes", sa.Boolean),
    sa.column("found_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Record titles. What was read from calendars so far closed agencies, and still does."""
    op.create_table(
        "calendar_title",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=360), nullable=False),
        sa.Column("suggested", sa.Boolean(), nullable=False),
        sa.Column("closes", sa.Boolean(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_calendar_title_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_title")),
        sa.UniqueConstraint("agency_id", "folded", name=op.f("uq_calendar_title_agency_id_folded")),
    )
    with op.batch_alter_table("closure") as table:
        table.add_column(sa.Column("title_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_closure_title_id"), "calendar_title", ["title_id"], ["id"])
        table.create_index(op.f("ix_closure_title_id"), ["title_id"])
        table.drop_constraint(op.f("uq_closure_agency_id_source_first_day_last_day"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_closure_agency_id_source_first_day_last_day_label"),
            ["agency_id", "source", "first_day", "last_day", "label"],
        )
    connection = op.get_bind()
    now = datetime.now(UTC)
    titles: dict[tuple[int, str], int] = {}
    read = sa.select(_CLOSURES).where(_CLOSURES.c.source.in_(("file", "calendar"))).order_by(_CLOSURES.c.id)
    for row in connection.execute(read).all():
        key = row.agency_id, _fold(row.label)
        if key not in titles:
            agency_id, folded = key
            values = {"agency_id": agency_id, "title": row.label, "folded": folded, "suggested": True, "closes": True}
            inserted = _TITLES.insert().values(**values, found_at=now).returning(_TITLES.c.id)
            titles[key] = connection.execute(inserted).scalar_one()
        connection.execute(_CLOSURES.update().where(_CLOSURES.c.id == row.id).values(title_id=titles[key]))


def downgrade() -> None:
    """Keep of the days only those that close an agency, once each."""
    connection = op.get_bind()
    closing = sa.select(_TITLES.c.id).where(_TITLES.c.closes)
    connection.execute(
        _CLOSURES.delete().where(_CLOSURES.c.title_id.is_not(None), _CLOSURES.c.title_id.not_in(closing))
    )
    days = sa.table("closure", *(sa.column(name) for name in ("id", "agency_id", "source", "first_day", "last_day")))
    first = sa.select(sa.func.min(days.c.id)).group_by(
        days.c.agency_id, days.c.source, days.c.first_day, days.c.last_day
    )
    connection.execute(_CLOSURES.delete().where(_CLOSURES.c.id.not_in(first)))
    with op.batch_alter_table("closure") as table:
        table.drop_constraint(op.f("uq_closure_agency_id_source_first_day_last_day_label"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_closure_agency_id_source_first_day_last_day"), ["agency_id", "source", "first_day", "last_day"]
        )
        table.drop_index(op.f("ix_closure_title_id"))
        table.drop_constraint(op.f("fk_closure_title_id"), type_="foreignkey")
        table.drop_column("title_id")
    op.drop_table("calendar_title")


# The form in which titles are compared, as it was at this revision.

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_LOOK_ALIKES = str.maketrans(
    {
        **dict.fromkeys("`´‘’‚‛′ʹʻʼʽˈꞌ", "'"),
        **dict.fromkeys("“”„‟«»″ʺ", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣", "-"),
        "…": "...",
        "⁄": "/",
        "\u2800": " ",
    }
)
_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)}


def _fold(name: str) -> str:
    visible = _INVISIBLE.sub("", name).translate(_FULL_WIDTH)
    folded = unicodedata.normalize("NFD", visible).casefold().translate(_LOOK_ALIKES)
    return " ".join(unicodedata.normalize("NFC", folded).split())
