"""The record of the imports feature: tables of people, tasks, and contributions, and files that are dropped."""

from handlers.imports import commands, direct_messages, interactions, jobs
from handlers.kit.feature import Feature, Phase, Sweep

FEATURE = Feature(
    name="imports",
    words={"/consortium": {"import": commands.import_command}},
    actions={
        "import.form": interactions.press_form,
        "import.page.*": interactions.press_page,
        "import.confirm": interactions.press_confirm,
        "import.cancel": interactions.press_cancel,
        "import.undo": interactions.press_undo,
        "member.import": interactions.press_form,
    },
    forms={"import.form": interactions.submit_form, "member.import": interactions.submit_form},
    events={"message.im": direct_messages.read_message},
    sweeps=(Sweep("imports", jobs.sweep, jobs.next_due, "a table is imported", Phase.OUTSIDE),),
    retired={"member.import": "0.1.0"},
)
