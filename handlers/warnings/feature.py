"""The record of warnings."""

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
        Sweep("warnings", lambda deps, now: jobs.sweep(deps.db, now), jobs.next_due, "a check of everybody's load"),
    ),
    notices={
        NoticeKind.LOAD: NoticeRenderer(jobs.render_overload_notices, "a warning about a person's load"),
        NoticeKind.BALANCE: NoticeRenderer(jobs.render_facilitator_notices, "warnings for facilitators"),
        NoticeKind.WEEK: NoticeRenderer(weekly.render_summaries, "the weekly summary"),
    },
)
