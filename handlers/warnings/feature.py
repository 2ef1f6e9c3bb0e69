"""What warnings register."""

from handlers.kit.feature import Feature, NoticeRenderer, Sweep
from handlers.warnings import interactions, jobs, weekly
from storage.vocabulary import NoticeKind

FEATURE = Feature(
    name="warnings",
    actions={
        "load.ask.*": interactions.press_ask,
        "load.agreed": interactions.press_agreed,
        "balance.agreed": interactions.press_agreed_by_facilitator,
    },
    sweeps=(
        Sweep("warnings", lambda deps, now: jobs.sweep(deps.db, now), jobs.next_due, "a check of who carries too much"),
    ),
    notices={
        NoticeKind.LOAD: NoticeRenderer(jobs.tell, "a kind word about too much work"),
        NoticeKind.BALANCE: NoticeRenderer(jobs.report, "the balance of the work"),
        NoticeKind.WEEK: NoticeRenderer(weekly.tell, "the week in a few lines"),
    },
)
