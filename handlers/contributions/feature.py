"""The record of the contributions feature: what agencies give and gain."""

from handlers.contributions import commands, interactions, tables
from handlers.kit.export_tables import PEOPLE_AND_WORK, ExportTable
from handlers.kit.feature import Feature

FEATURE = Feature(
    name="contributions",
    words={
        "/workload": {
            "give": commands.give_command,
            "given": commands.given_command,
            "gain": commands.gain_command,
            "gains": commands.gains_command,
        },
    },
    windows={"given": interactions.render_given, "gains": interactions.render_gains},
    actions={
        "give.form": interactions.press_give,
        "give.list": interactions.press_given,
        "give.list.*": interactions.press_given,
        "give.back": interactions.press_give_back,
        "gain.form": interactions.press_gain,
        "gain.list": interactions.press_gains,
        "gain.list.*": interactions.press_gains,
        "gain.back": interactions.press_gain_back,
    },
    forms={"give.new": interactions.submit_give, "gain.new": interactions.submit_gain},
    tables=(
        ExportTable("Contributions", tables.GIVEN_HEAD, tables.given_rows, PEOPLE_AND_WORK),
        ExportTable("Gains", tables.GAIN_HEAD, tables.gain_rows, PEOPLE_AND_WORK),
    ),
)
