"""Compare names by how they look."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_NAME = 120
"""Characters of an agency's name."""

_AGENCIES = sa.table(
    "agency",
    sa.column("id", sa.Integer),
    sa.column("consortium_id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("folded", sa.String),
    sa.column("ended_at", sa.DateTime(timezone=True)),
)
_ROLES = sa.table("role", sa.column("id", sa.Integer), sa.column("title", sa.String), sa.column("folded", sa.String))


def upgrade() -> None:
    """Compare the names of agencies and roles in the new form.

    Of two current agencies whose names now count as the same, the later one is numbered: "Elm Schools (2)".
    """
    connection = op.get_bind()
    for role_id, title in connection.execute(sa.select(_ROLES.c.id, _ROLES.c.title)).all():
        connection.execute(_ROLES.update().where(_ROLES.c.id == role_id).values(folded=_fold(title)))
    rows = connection.execute(sa.select(_AGENCIES).order_by(_AGENCIES.c.id)).all()
    # the unique index would refuse a name that another row has until it is changed itself
    connection.execute(_AGENCIES.update().values(folded=sa.cast(_AGENCIES.c.id, sa.String)))
    taken: set[tuple[int, str]] = set()
    for row in rows:
        name = row.name
        if row.ended_at is None:
            name = _free_name(name, {folded for consortium, folded in taken if consortium == row.consortium_id})
            taken.add((row.consortium_id, _fold(name)))
        change = _AGENCIES.update().where(_AGENCIES.c.id == row.id)
        connection.execute(change.values(name=name, folded=_fold(name)))


def downgrade() -> None:
    """Leave the names as they are: the earlier release finds them too."""


def _free_name(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while _fold(free) in taken:
        number += 1
        free = f"{name[: _NAME - 5]} ({number})"
    return free


# The form in which names are compared, as it was at this revision.

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
