"""What tasks register."""

from handlers.kit.export_tables import PEOPLE_AND_WORK, ExportTable
from handlers.kit.feature import Command, Feature, NoticeRenderer, Phase, Shortcut, Sweep
from handlers.tasks import commands, follow_ups, interactions, jobs, shortcuts, source_links, tables, views
from storage.vocabulary import NoticeKind, TodoKind

FEATURE = Feature(
    name="tasks",
    commands={"/task": Command(commands.task, "Who does what until when", "add “Draft the MOU” @ben due:friday")},
    shortcuts={
        "task.message": Shortcut(
            shortcuts.from_message, "message", "Make this a task", "Something to be done, with a link to this message"
        ),
        "task.anywhere": Shortcut(shortcuts.from_anywhere, "global", "New task", "Who does what until when"),
    },
    actions={
        "task.take": interactions.press(interactions.take),
        "task.decline": interactions.press(interactions.decline),
        "task.done": interactions.press(interactions.done),
        "task.reopen": interactions.press(interactions.reopen),
        "task.give": interactions.press_give,
        "task.date": interactions.press_date,
        "task.more": interactions.press_more,
        "task.form": interactions.press_form,
        "task.reservation": follow_ups.press_reservation,
        "task.decision": follow_ups.press_decision,
        "task.page.*": interactions.press_page,
    },
    forms={
        "task.new": interactions.submit_new,
        "task.give": interactions.submit_give,
        "task.edit": interactions.submit_edit,
        "task.date": interactions.submit_date,
    },
    sweeps=(
        Sweep(
            "source links",
            lambda deps, now: source_links.sweep(deps.db, deps.slack, now),
            source_links.next_due,
            "links to messages are looked up",
            Phase.OUTSIDE,
        ),
    ),
    notices={
        NoticeKind.OFFER: NoticeRenderer(jobs.ask, "a task is offered"),
        NoticeKind.TASK: NoticeRenderer(jobs.remind, "a reminder for a task"),
    },
    todo={TodoKind.OFFER: views.todo_offer, TodoKind.TASK: views.todo_own},
    tables=(ExportTable("Tasks", tables.TASK_HEAD, tables.tasks, PEOPLE_AND_WORK),),
)
