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
        "pulse.answer": interactions.open_form,
        "pulse.skip": interactions.skip,
        "pulse.pause": interactions.open_pause,
        "pulse.other_language": interactions.other_language,
        "pulse.details": interactions.details,
        "pulse.plan": interactions.open_plan,
    },
    forms={
        "pulse.answer": interactions.submit_answer,
        "pulse.pause": interactions.submit_pause,
        "pulse.plan": interactions.submit_plan,
    },
    sweeps=(
        Sweep(
            "pulse",
            lambda deps, now: jobs.sweep(deps.db, deps.keys, now),
            jobs.next_due,
            "the pulse goes out or closes",
        ),
    ),
    notices={
        NoticeKind.PULSE: NoticeRenderer(jobs.ask, "the pulse asks how it goes"),
        NoticeKind.CLIMATE: NoticeRenderer(jobs.concern, "a word about the climate"),
    },
    todo={TodoKind.PULSE: views.todo_item},
    tables=(
        ExportTable("Climate", tables.CLIMATE_HEAD, tables.climate, DECISIONS_AND_MEETINGS),
        ExportTable("Comments on the climate", tables.COMMENT_HEAD, tables.comments, DECISIONS_AND_MEETINGS),
    ),
)
