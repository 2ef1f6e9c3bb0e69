"""What the pulse registers."""

from handlers.kit.export_tables import DECISIONS_AND_MEETINGS, ExportTable
from handlers.kit.feature import Command, Feature, NoticeRenderer, Sweep
from handlers.pulse import commands, interactions, jobs, tables, views
from storage.vocabulary import NoticeKind, TodoKind

FEATURE = Feature(
    name="pulse",
    commands={
        "/pulse": Command(
            commands.pulse_command, "How we work together", "schedule, now, skip, pause 2w, resume, help"
        ),
    },
    words={
        "/pulse": {
            "schedule": commands.schedule_command,
            "now": commands.now_command,
            "stop": commands.stop_command,
            "skip": commands.skip_command,
            "pause": commands.pause_command,
            "resume": commands.resume_command,
            "language": commands.language_command,
            "help": commands.help_command,
        },
    },
    actions={
        "pulse.answer": interactions.open_questions,
        "pulse.skip": interactions.skip_round,
        "pulse.pause": interactions.open_pause_form,
        "pulse.other_language": interactions.switch_language,
        "pulse.pause_language": interactions.switch_pause_language,
        "pulse.details": interactions.open_details,
        "pulse.plan": interactions.open_schedule_form,
    },
    forms={
        "pulse.answer": interactions.submit_answers,
        "pulse.pause": interactions.submit_pause,
        "pulse.plan": interactions.submit_schedule,
    },
    sweeps=(
        Sweep(
            "pulse",
            lambda deps, now: jobs.sweep(deps.db, deps.keys, now),
            jobs.next_due,
            "a round of the pulse opens or closes",
        ),
    ),
    notices={
        NoticeKind.PULSE: NoticeRenderer(jobs.render_invitations, "the questions of the pulse"),
        NoticeKind.CLIMATE: NoticeRenderer(jobs.render_concerns, "results of the pulse for facilitators"),
    },
    todo={TodoKind.PULSE: views.todo_item},
    tables=(
        ExportTable("Pulse results", tables.RESULTS_HEAD, tables.results, DECISIONS_AND_MEETINGS),
        ExportTable("Pulse comments", tables.COMMENTS_HEAD, tables.comments, DECISIONS_AND_MEETINGS),
    ),
)
