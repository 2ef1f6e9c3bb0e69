"""Create all tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEALED = (("seal", "wrapped"), ("envelope", "sealed"))
"""Columns that hold sealed answers and their keys."""


def upgrade() -> None:
    op.create_table(
        "consortium",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("open_days", sa.Integer(), nullable=False),
        sa.Column("talk_days", sa.Integer(), nullable=False),
        sa.Column("heads_allowed", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=False),
        sa.Column("quiet_until", sa.String(length=5), nullable=False),
        sa.Column("hours_a_month", sa.Double(), nullable=False),
        sa.Column("share_limit", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consortium")),
    )

    op.create_table(
        "handled_request",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "key", name=op.f("pk_handled_request")),
    )
    op.create_index(op.f("ix_handled_request_seen_at"), "handled_request", ["seen_at"], unique=False)

    op.create_table(
        "home_tab",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("home_team", sa.String(length=32), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("said", sa.String(length=600), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_home_tab")),
    )
    op.create_index(op.f("ix_home_tab_look_at"), "home_tab", ["look_at"], unique=False)

    op.create_table(
        "seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal")),
    )

    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("folded", sa.String(length=240), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("domain", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_agency_consortium_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
    )
    op.create_index(
        "uq_agency_living_name",
        "agency",
        ["consortium_id", "folded"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "live_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_live_message_consortium_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_live_message")),
    )
    op.create_index(
        "ix_live_message_behind",
        "live_message",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("wanted > shown"),
        postgresql_where=sa.text("wanted > shown"),
    )

    op.create_table(
        "load_check",
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_load_check_consortium_id")),
        sa.PrimaryKeyConstraint("consortium_id", name=op.f("pk_load_check")),
    )
    op.create_index(op.f("ix_load_check_look_at"), "load_check", ["look_at"], unique=False)

    op.create_table(
        "meeting_reminder_settings",
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consortium_id"], ["consortium.id"], name=op.f("fk_meeting_reminder_settings_consortium_id")
        ),
        sa.PrimaryKeyConstraint("consortium_id", name=op.f("pk_meeting_reminder_settings")),
    )

    op.create_table(
        "occurrence",
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_occurrence_consortium_id")),
        sa.PrimaryKeyConstraint("consortium_id", "key", name=op.f("pk_occurrence")),
    )

    op.create_table(
        "pulse_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_pulse_round_consortium_id")),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_pulse_round_seal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_round")),
        sa.UniqueConstraint("consortium_id", "number", name=op.f("uq_pulse_round_consortium_id_number")),
    )
    op.create_index("ix_pulse_round_due", "pulse_round", ["state", "closes_at"], unique=False)

    op.create_table(
        "workspace",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_workspace_consortium_id")),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_workspace")),
    )
    op.create_index(op.f("ix_workspace_consortium_id"), "workspace", ["consortium_id"], unique=False)

    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_closure_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint(
            "agency_id", "source", "first_day", "last_day", name=op.f("uq_closure_agency_id_source_first_day_last_day")
        ),
    )
    op.create_index("ix_closure_days", "closure", ["agency_id", "last_day"], unique=False)

    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("seat", sa.String(length=24), nullable=False),
        sa.Column("facilitator", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("tell_at_once", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=24), nullable=False),
        sa.Column("pulse_paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hours_a_month", sa.Double(), nullable=True),
        sa.Column("may_be_asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_member_agency_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_member_consortium_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint(
            "consortium_id", "team_id", "user_id", name=op.f("uq_member_consortium_id_team_id_user_id")
        ),
    )
    op.create_index(op.f("ix_member_agency_id"), "member", ["agency_id"], unique=False)
    op.create_index("ix_member_slack_identity", "member", ["team_id", "user_id"], unique=False)
    op.create_index(
        "uq_member_alternate",
        "member",
        ["agency_id"],
        unique=True,
        sqlite_where=sa.text("seat = 'alternate' AND left_at IS NULL"),
        postgresql_where=sa.text("seat = 'alternate' AND left_at IS NULL"),
    )
    op.create_index(
        "uq_member_representative",
        "member",
        ["agency_id"],
        unique=True,
        sqlite_where=sa.text("seat = 'representative' AND left_at IS NULL"),
        postgresql_where=sa.text("seat = 'representative' AND left_at IS NULL"),
    )

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("fallback", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("answers_to", sa.String(length=32), nullable=True),
        sa.Column("live_id", sa.Integer(), nullable=True),
        sa.Column("thread_of", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_outbox_consortium_id")),
        sa.ForeignKeyConstraint(["live_id"], ["live_message.id"], name=op.f("fk_outbox_live_id")),
        sa.ForeignKeyConstraint(["thread_of"], ["live_message.id"], name=op.f("fk_outbox_thread_of")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_consortium_id"), "outbox", ["consortium_id"], unique=False)
    op.create_index("ix_outbox_created_at", "outbox", ["state", "created_at"], unique=False)
    op.create_index("ix_outbox_waiting", "outbox", ["state", "team_id", "channel", "id"], unique=False)

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
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_audit_consortium_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_audit_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_consortium_id"), "audit", ["consortium_id"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_calendar_feed_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_feed_digest")),
    )

    op.create_table(
        "closure_calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("good_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_closure_calendar_agency_id")),
        sa.ForeignKeyConstraint(["asked_by"], ["member.id"], name=op.f("fk_closure_calendar_asked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure_calendar")),
    )
    op.create_index(op.f("ix_closure_calendar_agency_id"), "closure_calendar", ["agency_id"], unique=False)
    op.create_index(op.f("ix_closure_calendar_next_at"), "closure_calendar", ["next_at"], unique=False)

    op.create_table(
        "contribution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_contribution_agency_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_contribution_consortium_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_contribution_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
    )
    op.create_index(op.f("ix_contribution_agency_id"), "contribution", ["agency_id"], unique=False)
    op.create_index("ix_contribution_given_on", "contribution", ["consortium_id", "given_on"], unique=False)

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
    op.create_index(op.f("ix_dues_consortium_id"), "dues", ["consortium_id"], unique=False)

    op.create_table(
        "envelope",
        sa.Column("seal_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_envelope_member_id")),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_envelope_seal_id")),
        sa.PrimaryKeyConstraint("seal_id", "member_id", name=op.f("pk_envelope")),
    )

    op.create_table(
        "funding_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_funding_source_consortium_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_funding_source_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_source")),
    )
    op.create_index(op.f("ix_funding_source_consortium_id"), "funding_source", ["consortium_id"], unique=False)

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
    op.create_index(op.f("ix_gain_agency_id"), "gain", ["agency_id"], unique=False)
    op.create_index("ix_gain_created_at", "gain", ["consortium_id", "created_at"], unique=False)

    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("clock", sa.String(length=5), nullable=False),
        sa.Column("rrule", sa.Text(), nullable=True),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=False),
        sa.Column("notes_id", sa.Integer(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("became", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_meeting_series_author_id")),
        sa.ForeignKeyConstraint(["became"], ["meeting_series.id"], name=op.f("fk_meeting_series_became")),
        sa.ForeignKeyConstraint(["chair_id"], ["member.id"], name=op.f("fk_meeting_series_chair_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_meeting_series_consortium_id")),
        sa.ForeignKeyConstraint(["notes_id"], ["member.id"], name=op.f("fk_meeting_series_notes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_series_uid")),
    )
    op.create_index(op.f("ix_meeting_series_consortium_id"), "meeting_series", ["consortium_id"], unique=False)

    op.create_table(
        "membership_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_membership_request_agency_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_membership_request_consortium_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_membership_request_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_request")),
    )
    op.create_index(op.f("ix_membership_request_consortium_id"), "membership_request", ["consortium_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("manner", sa.String(length=24), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_notice_consortium_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_notice_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("consortium_id", "key", name=op.f("uq_notice_consortium_id_key")),
    )
    op.create_index(
        "ix_notice_look_at",
        "notice",
        ["look_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_notice_member_id",
        "notice",
        ["member_id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_notice_subject",
        "notice",
        ["subject", "kind"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "poll",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("live_id", sa.Integer(), nullable=True),
        sa.Column("seal_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("shows", sa.String(length=24), nullable=False),
        sa.Column("open_options", sa.Boolean(), nullable=False),
        sa.Column("by_agency", sa.Boolean(), nullable=False),
        sa.Column("remind", sa.Boolean(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_poll_author_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_poll_consortium_id")),
        sa.ForeignKeyConstraint(["live_id"], ["live_message.id"], name=op.f("fk_poll_live_id")),
        sa.ForeignKeyConstraint(["seal_id"], ["seal.id"], name=op.f("fk_poll_seal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
        sa.UniqueConstraint("consortium_id", "number", name=op.f("uq_poll_consortium_id_number")),
    )
    op.create_index("ix_poll_due", "poll", ["state", "closes_at"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("live_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_agency_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("quorum", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reviewed", sa.Boolean(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("given_time", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author_agency_id"], ["agency.id"], name=op.f("fk_proposal_author_agency_id")),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_proposal_author_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_proposal_consortium_id")),
        sa.ForeignKeyConstraint(["live_id"], ["live_message.id"], name=op.f("fk_proposal_live_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("consortium_id", "number", name=op.f("uq_proposal_consortium_id_number")),
    )
    op.create_index("ix_proposal_due", "proposal", ["state", "closes_at"], unique=False)

    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=5), nullable=False),
        sa.Column("every", sa.String(length=24), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("next_day", sa.Date(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_pulse_consortium_id")),
        sa.ForeignKeyConstraint(["set_by"], ["member.id"], name=op.f("fk_pulse_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse")),
        sa.UniqueConstraint("consortium_id", name=op.f("uq_pulse_consortium_id")),
    )

    op.create_table(
        "pulse_invitation",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("skipped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_pulse_invitation_agency_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_pulse_invitation_member_id")),
        sa.ForeignKeyConstraint(["round_id"], ["pulse_round.id"], name=op.f("fk_pulse_invitation_round_id")),
        sa.PrimaryKeyConstraint("round_id", "member_id", name=op.f("pk_pulse_invitation")),
    )
    op.create_index(op.f("ix_pulse_invitation_member_id"), "pulse_invitation", ["member_id"], unique=False)

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
    op.create_index("ix_role_held", "role", ["consortium_id", "ended_at"], unique=False)
    op.create_index(op.f("ix_role_look_at"), "role", ["look_at"], unique=False)
    op.create_index(op.f("ix_role_member_id"), "role", ["member_id"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("source_link", sa.String(length=500), nullable=True),
        sa.Column("source_live_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("offered_to", sa.Integer(), nullable=True),
        sa.Column("offered_by", sa.Integer(), nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Double(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_task_consortium_id")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_task_created_by")),
        sa.ForeignKeyConstraint(["offered_by"], ["member.id"], name=op.f("fk_task_offered_by")),
        sa.ForeignKeyConstraint(["offered_to"], ["member.id"], name=op.f("fk_task_offered_to")),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name=op.f("fk_task_owner_id")),
        sa.ForeignKeyConstraint(["source_live_id"], ["live_message.id"], name=op.f("fk_task_source_live_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("consortium_id", "number", name=op.f("uq_task_consortium_id_number")),
    )
    op.create_index(op.f("ix_task_offered_to"), "task", ["offered_to"], unique=False)
    op.create_index("ix_task_open", "task", ["consortium_id", "state"], unique=False)
    op.create_index(op.f("ix_task_owner_id"), "task", ["owner_id"], unique=False)
    op.create_index(
        "ix_task_unlinked",
        "task",
        ["source_live_id"],
        unique=False,
        sqlite_where=sa.text("source_live_id IS NOT NULL"),
        postgresql_where=sa.text("source_live_id IS NOT NULL"),
    )

    op.create_table(
        "work_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.Double(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("told_times", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agreed_by"], ["member.id"], name=op.f("fk_work_warning_agreed_by")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_work_warning_consortium_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_warning")),
    )
    op.create_index(
        "uq_work_warning_lasting",
        "work_warning",
        ["consortium_id", "kind", "subject"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "ballot",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=True),
        sa.Column("seat", sa.String(length=24), nullable=False),
        sa.Column("sole", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("vacated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_ballot_agency_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_ballot_member_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_ballot_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "member_id", name=op.f("pk_ballot")),
    )
    op.create_index(op.f("ix_ballot_member_id"), "ballot", ["member_id"], unique=False)

    op.create_table(
        "elector",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_elector_agency_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_elector_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "agency_id", name=op.f("pk_elector")),
    )

    op.create_table(
        "head",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_head_agency_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_head_member_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_head_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "member_id", name=op.f("pk_head")),
    )

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("original_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("notes_id", sa.Integer(), nullable=True),
        sa.Column("notes_agency_id", sa.Integer(), nullable=True),
        sa.Column("notes_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("excused", sa.JSON(), nullable=False),
        sa.Column("live_id", sa.Integer(), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_meeting_consortium_id")),
        sa.ForeignKeyConstraint(["live_id"], ["live_message.id"], name=op.f("fk_meeting_live_id")),
        sa.ForeignKeyConstraint(["notes_agency_id"], ["agency.id"], name=op.f("fk_meeting_notes_agency_id")),
        sa.ForeignKeyConstraint(["notes_id"], ["member.id"], name=op.f("fk_meeting_notes_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("series_id", "place", name=op.f("uq_meeting_series_id_place")),
    )
    op.create_index(op.f("ix_meeting_look_at"), "meeting", ["look_at"], unique=False)
    op.create_index("ix_meeting_starts", "meeting", ["consortium_id", "starts_at"], unique=False)

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
    op.create_index(op.f("ix_payment_dues_id"), "payment", ["dues_id"], unique=False)

    op.create_table(
        "poll_option",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=150), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_poll_option_author_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_option_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "place", name=op.f("pk_poll_option")),
    )

    op.create_table(
        "position",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("seat", sa.String(length=24), nullable=False),
        sa.Column("sole", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vacated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_position_agency_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_position_member_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_position_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "agency_id", "member_id", "seat", name=op.f("pk_position")),
    )
    op.create_index(op.f("ix_position_member_id"), "position", ["member_id"], unique=False)

    op.create_table(
        "position_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(length=24), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_position_event_agency_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_position_event_member_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_position_event_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_event")),
    )
    op.create_index(op.f("ix_position_event_proposal_id"), "position_event", ["proposal_id"], unique=False)

    op.create_table(
        "proposal_version",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_version_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "version", name=op.f("pk_proposal_version")),
    )

    op.create_table(
        "uptake",
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_uptake_agency_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_uptake_member_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_uptake_proposal_id")),
        sa.PrimaryKeyConstraint("proposal_id", "agency_id", name=op.f("pk_uptake")),
    )

    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=True),
        sa.Column("carried", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_agenda_item_consortium_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_agenda_item_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    op.create_index("ix_agenda_item_channel", "agenda_item", ["consortium_id", "channel"], unique=False)
    op.create_index(op.f("ix_agenda_item_meeting_id"), "agenda_item", ["meeting_id"], unique=False)

    op.create_table(
        "meeting_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("was_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("now_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_change_meeting_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_meeting_change_member_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_change_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_change")),
    )
    op.create_index(op.f("ix_meeting_change_series_id"), "meeting_change", ["series_id"], unique=False)

    op.create_table(
        "minutes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("agencies", sa.JSON(), nullable=False),
        sa.Column("people", sa.String(length=500), nullable=False),
        sa.Column("live_id", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name=op.f("fk_minutes_author_id")),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_minutes_consortium_id")),
        sa.ForeignKeyConstraint(["live_id"], ["live_message.id"], name=op.f("fk_minutes_live_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_minutes_meeting_id")),
    )
    op.create_index(op.f("ix_minutes_accepts_at"), "minutes", ["accepts_at"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_correction_decided_by")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_correction_member_id")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_correction_minutes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index(op.f("ix_correction_minutes_id"), "correction", ["minutes_id"], unique=False)

    op.create_table(
        "recorded_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consortium_id", sa.Integer(), nullable=False),
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposal", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["consortium_id"], ["consortium.id"], name=op.f("fk_recorded_decision_consortium_id")),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_recorded_decision_minutes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recorded_decision")),
    )
    op.create_index(op.f("ix_recorded_decision_consortium_id"), "recorded_decision", ["consortium_id"], unique=False)
    op.create_index(op.f("ix_recorded_decision_minutes_id"), "recorded_decision", ["minutes_id"], unique=False)

    # PostgreSQL copies values of a column into its statistics, where they would outlive the row
    if op.get_bind().dialect.name == "postgresql":
        for table, column in SEALED:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    op.drop_table("recorded_decision")
    op.drop_table("correction")
    op.drop_table("minutes")
    op.drop_table("meeting_change")
    op.drop_table("agenda_item")
    op.drop_table("uptake")
    op.drop_table("proposal_version")
    op.drop_table("position_event")
    op.drop_table("position")
    op.drop_table("poll_option")
    op.drop_table("payment")
    op.drop_table("meeting")
    op.drop_table("head")
    op.drop_table("elector")
    op.drop_table("ballot")
    op.drop_table("work_warning")
    op.drop_table("task")
    op.drop_table("role")
    op.drop_table("pulse_invitation")
    op.drop_table("pulse")
    op.drop_table("proposal")
    op.drop_table("poll")
    op.drop_table("notice")
    op.drop_table("membership_request")
    op.drop_table("meeting_series")
    op.drop_table("gain")
    op.drop_table("funding_source")
    op.drop_table("envelope")
    op.drop_table("dues")
    op.drop_table("contribution")
    op.drop_table("closure_calendar")
    op.drop_table("calendar_feed")
    op.drop_table("audit")
    op.drop_table("week_load")
    op.drop_table("outbox")
    op.drop_table("member")
    op.drop_table("closure")
    op.drop_table("workspace")
    op.drop_table("pulse_round")
    op.drop_table("occurrence")
    op.drop_table("meeting_reminder_settings")
    op.drop_table("load_check")
    op.drop_table("live_message")
    op.drop_table("agency")
    op.drop_table("seal")
    op.drop_table("home_tab")
    op.drop_table("handled_request")
    op.drop_table("consortium")
