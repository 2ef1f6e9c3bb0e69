"""What the decision log registers."""

from handlers.decisions import commands, interactions, tables
from handlers.kit.export_tables import DECISIONS_AND_MEETINGS, ExportTable
from handlers.kit.feature import Feature

FEATURE = Feature(
    name="decisions",
    words={"/consortium": {"decisions": commands.show}},
    actions={"member.decisions": interactions.press_page, "member.decisions.*": interactions.press_page},
    tables=(
        ExportTable("Decisions", tables.DECISION_HEAD, tables.decisions, DECISIONS_AND_MEETINGS, private_channels=True),
    ),
)
