"""The record of the undelivered feature: messages that Slack did not take."""

from handlers.kit.feature import Feature, NoticeRenderer, Sweep
from handlers.undelivered import interactions, jobs
from storage.vocabulary import NoticeKind

FEATURE = Feature(
    name="undelivered",
    actions={
        "delivery.list": interactions.press_list,
        "delivery.again": interactions.press_send_again,
        "delivery.settle": interactions.press_settle,
    },
    windows={"undelivered": interactions.render_list},
    sweeps=(
        Sweep(
            "undelivered", lambda deps, now: jobs.sweep(deps.db, now), jobs.next_due, "a check of undelivered messages"
        ),
    ),
    notices={NoticeKind.UNDELIVERED: NoticeRenderer(jobs.render_notices, "a message was not delivered")},
)
