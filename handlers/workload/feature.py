"""The record of the workload."""

from handlers.kit.feature import Command, Feature
from handlers.workload import commands, interactions, overview

FEATURE = Feature(
    name="workload",
    commands={"/workload": Command(commands.workload, "Who carries what", "roles, hours 8, give, gain, help")},
    words={
        "/workload": {
            "help": commands.help_command,
            "people": commands.people_command,
            "what": commands.what_if_command,
            "what-if": commands.what_if_command,
            "hours": commands.hours_command,
            "room": commands.room_command,
        },
    },
    windows={"people": overview.render_people},
    actions={
        "load.hours": interactions.press_hours,
        "load.more": interactions.press_menu,
        "load.post": interactions.post_shares,
        "load.people": interactions.press_people,
        "load.people.*": interactions.press_people,
        "load.what_if": interactions.press_what_if,
    },
    forms={"load.hours": interactions.submit_hours, "load.what_if": interactions.submit_what_if},
)
