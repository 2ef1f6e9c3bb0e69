"""What minutes register."""

from handlers.kit.export_tables import DECISIONS_AND_MEETINGS, ExportTable
from handlers.kit.feature import Feature, NoticeRenderer, Sweep
from handlers.meetings.minutes import commands, interactions, jobs, notices, snapshot, tables, views
from storage.vocabulary import LiveMessageKind, NoticeKind, TodoKind

FEATURE = Feature(
    name="minutes",
    words={"/meeting": {"minutes": commands.minutes_command, "read": commands.read_command}},
    actions={
        "meeting.cannot": interactions.press_cannot,
        "meeting.absent": interactions.press_cannot,
        "minutes.write": interactions.press_write,
        "minutes.each": interactions.press_each,
        "minutes.read": interactions.press_read,
        "minutes.correct": interactions.press_correct,
        "minutes.take": interactions.press_take,
        "minutes.decline": interactions.press_decline,
        "minutes.object": interactions.press_object,
    },
    forms={
        "minutes.write": interactions.submit_write,
        "minutes.correct": interactions.submit_correct,
        "minutes.object": interactions.submit_object,
    },
    sweeps=(Sweep("minutes", lambda deps, now: jobs.sweep(deps.db, now), jobs.next_due, "the acceptance of minutes"),),
    notices={
        NoticeKind.NOTES: NoticeRenderer(notices.render_note_taker_notices, "a message to a note-taker"),
        NoticeKind.NOTES_LEFT: NoticeRenderer(notices.render_note_taker_left, "news of a note-taker who has left"),
        NoticeKind.NOTES_NONE: NoticeRenderer(notices.render_no_note_taker, "news that nobody takes the minutes"),
        NoticeKind.MINUTES: NoticeRenderer(notices.render_minutes_requests, "a request for minutes"),
        NoticeKind.MINUTES_LACK: NoticeRenderer(notices.render_missing_minutes, "a reminder of missing minutes"),
        NoticeKind.MINUTES_LATE: NoticeRenderer(notices.render_late_minutes, "news of minutes that are late"),
        NoticeKind.CORRECTION: NoticeRenderer(notices.render_corrections, "a correction of minutes"),
        NoticeKind.CORRECTED: NoticeRenderer(notices.render_corrected, "what became of a correction"),
    },
    live={LiveMessageKind.MINUTES: lambda session, live: views.live(snapshot.of_live(session, live))},
    todo={TodoKind.MINUTES: views.todo_item},
    tables=(
        ExportTable("Minutes", tables.MINUTES_HEAD, tables.minutes_rows, DECISIONS_AND_MEETINGS, private_channels=True),
    ),
)
