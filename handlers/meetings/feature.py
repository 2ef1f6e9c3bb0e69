"""What meetings register."""

from handlers.kit.export_tables import DECISIONS_AND_MEETINGS, ExportTable
from handlers.kit.feature import Command, Feature, NoticeRenderer, Sweep
from handlers.meetings import (
    calendar_interactions,
    commands,
    interactions,
    jobs,
    notices,
    series_interactions,
    snapshot,
    tables,
    views,
)
from storage.vocabulary import LiveMessageKind, NoticeKind, TodoKind

FEATURE = Feature(
    name="meetings",
    commands={
        "/meeting": Command(
            commands.meeting, "Meetings, agendas and minutes", "new, add, agenda, minutes, move, cancel"
        ),
    },
    words={
        "/meeting": {
            "new": commands.new_command,
            "add": commands.add_command,
            "agenda": commands.agenda_command,
            "publish": commands.publish_command,
            "move": commands.move_command,
            "cancel": commands.cancel_command,
            "calendar": commands.calendar_command,
            "settings": commands.settings_command,
            "help": commands.help_command,
        },
    },
    actions={
        "meeting.list": interactions.show_list,
        "meeting.form": series_interactions.press_form,
        "meeting.more": series_interactions.press_more,
        "meeting.sure": series_interactions.press_sure,
        "meeting.other": series_interactions.press_other,
        "meeting.edit": series_interactions.press_edit,
        "meeting.chair": series_interactions.press_chair,
        "meeting.settings": series_interactions.press_settings,
        "meeting.add": interactions.press_add,
        "meeting.suggest": interactions.press_suggest,
        "meeting.suggest.*": interactions.press_suggest,
        "meeting.agenda": interactions.press_agenda,
        "meeting.off": interactions.press_off,
        "meeting.publish": interactions.press_publish,
        "meeting.move": interactions.press_move,
        "meeting.moved.*": interactions.press_moved,
        "meeting.cancel": interactions.press_cancel,
        "meeting.cancelled.*": interactions.press_cancelled,
        "meeting.keep": interactions.press_keep,
        "calendar.new": calendar_interactions.press_new_address,
        "calendar.off": calendar_interactions.press_address_off,
    },
    forms={
        "meeting.new": series_interactions.submit_new,
        "meeting.sure": series_interactions.submit_sure,
        "meeting.edit": series_interactions.submit_edit,
        "meeting.settings": series_interactions.submit_settings,
        "meeting.item": interactions.submit_item,
        "meeting.move": interactions.submit_move,
        "meeting.cancel": interactions.submit_cancel,
    },
    windows={"meetings": interactions.render_list, "agenda": interactions.render_agenda},
    sweeps=(Sweep("meetings", lambda deps, now: jobs.sweep(deps.db, now), jobs.next_due, "a meeting's next step"),),
    notices={
        NoticeKind.CHAIR: NoticeRenderer(notices.render_chair_notices, "a message to a chair"),
        NoticeKind.CHAIR_LEFT: NoticeRenderer(notices.render_chair_left, "a chair has left"),
        NoticeKind.MEETING: NoticeRenderer(notices.render_reminders, "a reminder of a meeting"),
        NoticeKind.MEETING_CHANGE: NoticeRenderer(notices.render_changes, "news of a meeting"),
    },
    live={
        LiveMessageKind.AGENDA: lambda session, live: views.live_agenda(*snapshot.of_live(session, live), live.channel)
    },
    todo={TodoKind.MEETING: views.todo_item},
    tables=(
        ExportTable(
            "Meetings", tables.MEETING_HEAD, tables.meeting_rows, DECISIONS_AND_MEETINGS, private_channels=True
        ),
        ExportTable("Agendas", tables.AGENDA_HEAD, tables.agenda_rows, DECISIONS_AND_MEETINGS, private_channels=True),
    ),
)
