"""What /workload says about itself, and which of its words are options."""

KEYS = ("hours", "agency", "money", "in-kind", "value")
DATED = ("until", "on")

HELP = (
    "`/workload` shows, only to you, what you carry and how the work is divided among the agencies; one press posts "
    'their shares here. For facilitators alone: `/workload people`, and `/workload what if "Elm Schools"` leaves.\n'
    "`/workload roles` lists who holds what. A facilitator gives, passes on and changes roles: "
    '`/workload role add "Note-taker" @cleo hours:4 until:2027-06-30`, `role pass "Note-taker" @finn`, '
    '`role change "Note-taker" hours:6 until:none`, `role follow "Note-taker"` (who could be next). '
    '`/workload role end "Note-taker"`: who holds it, or a facilitator.\n'
    "`/workload hours 8` says how many hours a month you have, which no list names; `/workload room yes` that you "
    "may be asked to take work over.\n"
    '`/workload give hours:3 "Hosted the training"`, `give money:500 "For the buses"`, `give in-kind:"Room for 40" '
    'value:200` record what your agency gave; `agency:"Elm Schools"` and `on:2026-11-20` can be added. '
    '`/workload gain "Two teachers trained"` records what it gained. `/workload given` and `/workload gains` list '
    'them. `/workload give back "Hosted the training"` takes a mistake back.\n'
    '`/workload funding "State grant" 12000` (a year), `funding end "State grant"`, `/workload dues "Elm Schools" 2026 '
    '1500`, `/workload paid "Elm Schools" 2026 500`, `paid back "Elm Schools" 2026`: a facilitator. Without words they '
    "list what there is. `/workload settings` says from which on work counts as too much.\n"
    "Everybody of the consortium can read roles, contributions, gains, funding and dues; people outside it cannot."
)
