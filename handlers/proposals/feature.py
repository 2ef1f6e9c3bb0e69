"""The record of proposals."""

from handlers.kit.export_tables import DECISIONS_AND_MEETINGS, ExportTable
from handlers.kit.feature import Command, Feature, NoticeRenderer, Sweep
from handlers.proposals import commands, interactions, jobs, openings, reminders, tables, views, voices
from handlers.proposals.snapshot import load_live_snapshot
from storage.vocabulary import LiveMessageKind, NoticeKind, TodoKind

FEATURE = Feature(
    name="proposals",
    commands={
        "/propose": Command(commands.propose, "Propose something to the consortium", 'now "Title" why:"…" closes:7d'),
    },
    actions={
        "proposal.say.*": interactions.press_stance,
        "proposal.details": interactions.press_details,
        "proposal.retract": interactions.press_retract,
        "proposal.amend": interactions.press_amend,
        "proposal.close": interactions.press_close,
        "proposal.extend": interactions.press_extend,
        "proposal.withdraw": interactions.press_withdraw,
        "proposal.instead": interactions.press_instead,
        "proposal.uptake.*": interactions.press_uptake,
        "proposal.form": interactions.press_form,
    },
    forms={
        "proposal.new": interactions.submit_new,
        "proposal.amend": interactions.submit_amend,
        "proposal.reason": interactions.submit_reason,
        "proposal.uptake": interactions.submit_uptake,
    },
    windows={"proposal": interactions.render_details},
    sweeps=(
        Sweep(
            "proposals",
            lambda deps, now: jobs.sweep(deps.db, now),
            jobs.next_due,
            "a proposal opens, closes, or needs a reminder",
        ),
    ),
    notices={
        NoticeKind.PROPOSAL: NoticeRenderer(reminders.render_reminders, "a reminder for a proposal"),
        NoticeKind.STAND_IN: NoticeRenderer(
            reminders.render_stand_ins, "news that those who speak for an agency are away"
        ),
        NoticeKind.VOTING: NoticeRenderer(openings.render_voting, "news that voting is open"),
        NoticeKind.OPENING: NoticeRenderer(openings.render_openings, "a new proposal for somebody who decides it"),
        NoticeKind.VOICE: NoticeRenderer(voices.render_voices, "news of whether a position counts"),
        NoticeKind.REVIEW: NoticeRenderer(jobs.render_reviews, "a decision is up for review"),
    },
    live={LiveMessageKind.PROPOSAL: lambda session, live: views.live_message(load_live_snapshot(session, live))},
    todo={TodoKind.PROPOSAL: views.todo_item},
    tables=(
        ExportTable("Positions", tables.POSITION_HEAD, tables.positions, DECISIONS_AND_MEETINGS, private_channels=True),
        ExportTable(
            "How agencies take up decisions",
            tables.UPTAKE_HEAD,
            tables.uptakes,
            DECISIONS_AND_MEETINGS,
            private_channels=True,
        ),
    ),
)
