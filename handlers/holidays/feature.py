"""The record of the holidays feature: days when agencies are closed, and the calendars they come from."""

from handlers.holidays import interactions, jobs
from handlers.kit.feature import Feature, Phase, Sweep

FEATURE = Feature(
    name="holidays",
    actions={
        "closure.form": interactions.press_form,
        "closure.list": interactions.press_list,
        "closure.list.*": interactions.press_list,
        "closure.titles": interactions.press_titles,
        "closure.titles.*": interactions.turn_titles,
        "closure.decide.*": interactions.press_decide,
        "closure.take": interactions.press_remove,
        "closure.stop": interactions.press_stop,
    },
    windows={"closed_days": interactions.render_list},
    forms={"closure.form": interactions.submit_form, "closure.titles": interactions.submit_titles},
    sweeps=(
        Sweep(
            "calendars",
            lambda deps, now: jobs.sweep(deps.db, deps.fetch, now),
            jobs.next_due,
            "the agencies' calendars are read",
            Phase.OUTSIDE,
        ),
    ),
)
