"""The record of tasks."""

from handlers.kit.export_tables import PEOPLE_AND_WORK, ExportTable
from handlers.kit.feature import Command, Feature, NoticeRenderer, Phase, Shortcut, Sweep
from handlers.tasks import (
    changes,
    commands,
    follow_ups,
    interactions,
    jobs,
    offers,
    shortcuts,
    source_links,
    tables,
    views,
)
from storage.vocabulary import NoticeKind, TaskState, TodoKind

FEATURE = Feature(
    name="tasks",
    commands={"/task": Command(commands.task, "Who does what, and by when", "add “Draft the MOU” @ben due:friday")},
    words={
        "/task": {
            "help": commands.help_command,
            "mine": commands.list_command("mine"),
            "agency": commands.list_command("agency"),
            "all": commands.list_command("all"),
            "add": commands.add_command,
            "new": commands.new_command,
            "show": commands.show_command,
            "take": commands.number_command(interactions.take_task, offers.take_task),
            "decline": commands.number_command(interactions.decline_task, offers.decline_task),
            "offer": commands.offer_command,
            "give": commands.offer_command,
            "done": commands.number_command(interactions.finish_task, interactions.settle(TaskState.DONE)),
            "drop": commands.number_command(interactions.drop_task, interactions.settle(TaskState.DROPPED)),
            "reopen": commands.number_command(interactions.reopen_task, changes.reopen_task),
            "due": commands.due_command,
            "hours": commands.hours_command,
        },
    },
    shortcuts={
        "task.message": Shortcut(
            shortcuts.from_message, "message", "Make this a task", "A new task that links to this message"
        ),
        "task.anywhere": Shortcut(shortcuts.from_anywhere, "global", "New task", "Who does what, and by when"),
    },
    actions={
        "task.take": interactions.number_button(interactions.take_task),
        "task.decline": interactions.number_button(interactions.decline_task),
        "task.done": interactions.number_button(interactions.finish_task),
        "task.reopen": interactions.number_button(interactions.reopen_task),
        "task.give": interactions.press_offer,
        "task.date": interactions.press_due,
        "task.more": interactions.press_more,
        "task.form": interactions.press_form,
        "task.reservation": follow_ups.press_reservation,
        "task.decision": follow_ups.press_decision,
        "task.page.*": interactions.press_list,
        "task.list.*": interactions.press_list,
        "task.left.give": interactions.press_give_left,
        "task.left.drop": interactions.press_drop_left,
        "task.left.list": interactions.press_list_left,
        "task.left.page.*": interactions.press_left_page,
        "task.left.ask.*": interactions.press_ask_left,
        "task.left.unneeded.*": interactions.press_drop_one_left,
    },
    forms={
        "task.new": interactions.submit_new,
        "task.give": interactions.submit_offer,
        "task.left.give": interactions.submit_give_left,
        "task.edit": interactions.submit_edit,
        "task.date": interactions.submit_due,
    },
    windows={"tasks": interactions.render_list, "task": interactions.render_task},
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
        NoticeKind.OFFER: NoticeRenderer(jobs.render_offers, "the offer of a task"),
        NoticeKind.TASK: NoticeRenderer(jobs.render_reminders, "a reminder of tasks"),
        NoticeKind.UNOWNED: NoticeRenderer(jobs.render_unowned, "a reminder of a task that nobody has"),
        NoticeKind.TASKS_LEFT: NoticeRenderer(jobs.render_tasks_left, "the tasks that somebody left"),
        NoticeKind.TASK_NEWS: NoticeRenderer(jobs.render_news, "news of a task"),
    },
    todo={TodoKind.OFFER: views.todo_offer, TodoKind.TASK: views.todo_own},
    tables=(ExportTable("Tasks", tables.TASK_HEAD, tables.tasks, PEOPLE_AND_WORK),),
)
