"""What minutes register."""

from handlers.kit.export_tables import DECISIONS_AND_MEETINGS, ExportTable
from handlers.kit.feature import Feature
from handlers.meetings.minutes import commands, interactions, snapshot, tables, views
from storage.vocabulary import LiveKind, TodoKind

FEATURE = Feature(
    name="minutes",
    words={"/meeting": {"minutes": commands.minutes_command, "read": commands.read_command}},
    actions={
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
    live={LiveKind.MINUTES: lambda session, live: views.live(snapshot.of_live(session, live))},
    todo={TodoKind.MINUTES: views.todo_item},
    tables=(
        ExportTable("Minutes", tables.MINUTES_HEAD, tables.minutes_rows, DECISIONS_AND_MEETINGS, private_channels=True),
    ),
)
