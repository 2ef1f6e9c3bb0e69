"""What polls register."""

from handlers.kit.export_tables import DECISIONS_AND_MEETINGS, ExportTable
from handlers.kit.feature import Command, Feature, NoticeRenderer, Sweep
from handlers.polls import commands, interactions, jobs, snapshot, tables, views, voices
from storage.vocabulary import LiveMessageKind, NoticeKind, TodoKind

FEATURE = Feature(
    name="polls",
    commands={
        "/vote": Command(commands.vote_command, "Vote, or ask a question", "12 agree, or 14 2, or “Question?” “A” “B”"),
    },
    actions={
        "poll.cast.*": interactions.press_cast,
        "poll.vote": interactions.press_vote,
        "poll.add": interactions.press_add,
        "poll.details": interactions.press_details,
        "poll.retract": interactions.press_retract,
        "poll.close": interactions.press_close,
        "poll.form": interactions.press_form,
        "poll.waiting": interactions.show_waiting,
    },
    forms={
        "poll.new": interactions.submit_new,
        "poll.vote": interactions.submit_vote,
        "poll.add": interactions.submit_add,
    },
    windows={"poll": interactions.render_details, "waiting": interactions.render_waiting},
    sweeps=(Sweep("polls", lambda deps, now: jobs.sweep(deps.db, deps.keys, now), jobs.next_due, "a poll closes"),),
    notices={
        NoticeKind.POLL: NoticeRenderer(jobs.render_reminders, "a reminder for a poll"),
        NoticeKind.POLL_STAND_IN: NoticeRenderer(
            jobs.render_stand_ins, "news that those who speak for an agency are away"
        ),
        NoticeKind.POLL_VOICE: NoticeRenderer(voices.render_voices, "news of whether a vote counts"),
    },
    live={LiveMessageKind.POLL: lambda session, live: views.live_message(snapshot.load_live_snapshot(session, live))},
    todo={TodoKind.POLL: views.todo_item},
    tables=(ExportTable("Polls", tables.POLL_HEAD, tables.poll_rows, DECISIONS_AND_MEETINGS, private_channels=True),),
)
