"""Who carries what: roles, contributions, warnings, home tabs."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "home",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("home_team", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("said", sa.String(length=600), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_home")),
    )
    with op.batch_alter_table("home", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_home_look_at"), ["look_at"], unique=False)

    op.create_table(
        "balance",
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_balance_consortium_id")),
        sa.PrimaryKeyConstraint("consortium_id", name=op.f("pk_balance")),
    )
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_balance_look_at"), ["look_at"], unique=False)

    op.create_table(
        "week_load",
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_week_load_agency_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_week_load_consortium_id")),
        sa.PrimaryKeyConstraint("consortium_id", "agency_id", "week", name=op.f("pk_week_load")),
    )
    op.create_table(
        "caution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "person",
                "agency",
                "few-people",
                "few-agencies",
                "giving",
                "funding",
                "gain",
                name="cautionkind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.Double(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("told_times", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agreed_by"], ["member.id"], name=op.f("fk_caution_agreed_by")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_caution_consortium_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caution")),
    )
    with op.batch_alter_table("caution", schema=None) as batch_op:
        batch_op.create_index(
            "uq_caution_lasting",
            ["consortium_id", "kind", "subject"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "dues",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(length=20), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_dues_agency_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_dues_consortium_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_dues_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dues")),
        sa.UniqueConstraint("agency_id", "term", name=op.f("uq_dues_agency_id_term")),
    )
    with op.batch_alter_table("dues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dues_consortium_id"), ["consortium_id"], unique=False)

    op.create_table(
        "gain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_gain_agency_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_gain_consortium_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_gain_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gain")),
    )
    with op.batch_alter_table("gain", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gain_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index("ix_gain_at", ["consortium_id", "created_at"], unique=False)

    op.create_table(
        "given",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("hours", "money", "in-kind", name="givenkind", native_enum=False, length=24), nullable=False
        ),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_given_agency_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_given_consortium_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_given_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given")),
    )
    with op.batch_alter_table("given", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_given_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index("ix_given_on", ["consortium_id", "given_on"], unique=False)

    op.create_table(
        "role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("folded", sa.String(length=240), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("hours", sa.Double(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_role_agency_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_role_consortium_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_role_created_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_role_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
    )
    with op.batch_alter_table("role", schema=None) as batch_op:
        batch_op.create_index("ix_role_held", ["consortium_id", "ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_look_at"), ["look_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_member_id"), ["member_id"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_source_consortium_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_source_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_consortium_id"), ["consortium_id"], unique=False)

    op.create_table(
        "payment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dues_id", sa.Integer(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_payment_created_by")),
        sa.ForeignKeyConstraint(["dues_id"], ["dues.id"], name=op.f("fk_payment_dues_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_dues_id"), ["dues_id"], unique=False)

    with op.batch_alter_table("consortium", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hours_a_month", sa.Double(), server_default="10", nullable=False))
        batch_op.add_column(sa.Column("share_limit", sa.Integer(), server_default="150", nullable=False))
        batch_op.add_column(sa.Column("currency", sa.String(length=3), server_default="USD", nullable=False))

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hours_a_month", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("may_be_asked", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("meeting_series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("became", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_meeting_series_became"), "meeting_series", ["became"], ["id"])

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_subject",
            ["subject", "kind"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source_link", sa.String(length=500), nullable=True))
        batch_op.add_column(sa.Column("source_live_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_task_source_live_id"), "live", ["source_live_id"], ["id"])
        batch_op.create_index(
            "ix_task_unlinked",
            ["source_live_id"],
            unique=False,
            sqlite_where=sa.text("source_live_id IS NOT NULL"),
            postgresql_where=sa.text("source_live_id IS NOT NULL"),
        )


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_subject")

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index("ix_task_unlinked")
        batch_op.drop_constraint(batch_op.f("fk_task_source_live_id"), type_="foreignkey")
        batch_op.drop_column("source_live_id")
        batch_op.drop_column("source_link")

    with op.batch_alter_table("meeting_series", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_meeting_series_became"), type_="foreignkey")
        batch_op.drop_column("became")

    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_column("may_be_asked")
        batch_op.drop_column("hours_a_month")

    with op.batch_alter_table("consortium", schema=None) as batch_op:
        batch_op.drop_column("currency")
        batch_op.drop_column("share_limit")
        batch_op.drop_column("hours_a_month")

    op.drop_table("payment")
    op.drop_table("source")
    op.drop_table("role")
    op.drop_table("given")
    op.drop_table("gain")
    op.drop_table("dues")
    op.drop_table("caution")
    op.drop_table("week_load")
    op.drop_table("balance")
    op.drop_table("home")
