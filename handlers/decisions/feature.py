"""The record of the decision log."""

from handlers.decisions import commands, interactions, tables
from handlers.kit.export_tables import DECISIONS_AND_MEETINGS, ExportTable
from handlers.kit.feature import Feature

FEATURE = Feature(
    name="decisions",
    words={"/consortium": {"decisions": commands.decisions_command}},
    actions={"member.decisions": interactions.press_page, "member.decisions.*": interactions.press_page},
    windows={"decisions": interactions.render_page},
    tables=(
        ExportTable(
            "Decisions", tables.DECISION_HEAD, tables.decision_rows, DECISIONS_AND_MEETINGS, private_channels=True
        ),
    ),
)
