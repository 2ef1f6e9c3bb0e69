"""The record of the funding feature: sources of funding, dues, and payments."""

from handlers.funding import commands, interactions, tables
from handlers.kit.export_tables import PEOPLE_AND_WORK, ExportTable
from handlers.kit.feature import Feature

FEATURE = Feature(
    name="funding",
    words={
        "/workload": {
            "funding": commands.funding_command,
            "dues": commands.dues_command,
            "paid": commands.paid_command,
        },
    },
    windows={"funding": interactions.render_sources, "dues": interactions.render_dues},
    actions={
        "fund.list": interactions.press_sources,
        "fund.list.*": interactions.press_sources,
        "fund.form": interactions.press_source_form,
        "fund.more": interactions.press_source_menu,
        "dues.list": interactions.press_dues,
        "dues.list.*": interactions.press_dues,
        "dues.form": interactions.press_dues_form,
        "dues.pay": interactions.press_payment,
        "dues.back": interactions.press_payment_back,
    },
    forms={
        "fund.new": interactions.submit_source,
        "dues.new": interactions.submit_dues,
        "dues.pay": interactions.submit_payment,
    },
    tables=(
        ExportTable("Funding", tables.FUNDING_HEAD, tables.funding_rows, PEOPLE_AND_WORK),
        ExportTable("Dues", tables.DUES_HEAD, tables.dues_rows, PEOPLE_AND_WORK),
    ),
)
