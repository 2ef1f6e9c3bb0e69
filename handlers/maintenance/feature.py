"""The feature record of maintenance."""

from handlers.kit import drafts
from handlers.kit.feature import Feature, Sweep
from handlers.maintenance import channels, jobs
from storage import seals

FEATURE = Feature(
    name="maintenance",
    events={
        "channel_id_changed": channels.channel_id_changed,
        "channel_unarchive": channels.channel_opened,
        "group_unarchive": channels.channel_opened,
    },
    actions={"draft.choose.*": drafts.choose},
    sweeps=(
        Sweep("seals", lambda deps, _now: seals.wipe_opened(deps.db), seals.next_due, "old seals are wiped"),
        Sweep(
            "cleanup",
            lambda deps, now: jobs.cleanup(deps.db, now),
            jobs.cleanup_due,
            "old records are deleted",
        ),
    ),
)
