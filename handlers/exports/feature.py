"""What exports register."""

from handlers.exports import commands, interactions
from handlers.kit.feature import Feature

FEATURE = Feature(
    name="exports",
    words={"/consortium": {"export": commands.export_command}},
    actions={"export.make": interactions.request_export},
)
