"""What /consortium says about itself."""

HELP = (
    "`/consortium` gives an overview with buttons.\n"
    '`/consortium setup "Northern Valleys" zone:America/Denver` founds a consortium here.\n'
    '`/consortium agency add "Elm County Schools" weight:2 domain:elm.k12.example`, `agency rename "Old" "New"`, '
    '`agency weight "Elm County Schools" 3`, `agency end "Elm County Schools"`: a facilitator.\n'
    '`/consortium agency holidays "Elm County Schools" 2026-12-21..2027-01-04` says when an agency is closed: its '
    "people or a facilitator. Without days it lists them, with a form that takes a calendar too.\n"
    '`/consortium join "Elm County Schools"` asks to join an agency.\n'
    '`/consortium member @ben "Elm County Schools" representative` (or alternate, member): a facilitator.\n'
    "`/consortium facilitator @ana`, `facilitator remove @ana`: a facilitator.\n"
    "`/consortium away until 2027-01-08` leaves you in peace, `/consortium back` ends that.\n"
    "`/consortium reminders at once` tells you each thing as it comes, `together` in one message a day.\n"
    "`/consortium who`, `/consortium decisions budget`, `/consortium settings`, `/consortium import`\n"
    "`/consortium export` sends you everything you may see as tables for a spreadsheet, by direct message."
)
