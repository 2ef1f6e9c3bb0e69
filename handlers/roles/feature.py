"""The record of the roles feature."""

from handlers.kit.export_tables import PEOPLE_AND_WORK, ExportTable
from handlers.kit.feature import Feature, NoticeRenderer, Sweep
from handlers.roles import commands, interactions, jobs, tables
from storage.vocabulary import NoticeKind

FEATURE = Feature(
    name="roles",
    words={"/workload": {"role": commands.role_command, "roles": commands.role_command}},
    windows={"roles": interactions.render_list},
    actions={
        "role.list": interactions.press_page,
        "role.list.*": interactions.press_page,
        "role.form": interactions.press_form,
        "role.pass": interactions.press_pass,
        "role.change": interactions.press_change,
        "role.end": interactions.press_end,
        "role.follow": interactions.press_follow,
        "role.follow.*": interactions.press_follow,
        "role.more": interactions.press_more,
    },
    forms={
        "role.new": interactions.submit_new,
        "role.pass": interactions.submit_pass,
        "role.change": interactions.submit_change,
    },
    sweeps=(Sweep("roles", lambda deps, now: jobs.sweep(deps.db, now), jobs.next_due, "a role comes to its end"),),
    notices={NoticeKind.ROLE: NoticeRenderer(jobs.render_notices, "news of a role")},
    tables=(ExportTable("Roles", tables.ROLE_HEAD, tables.role_rows, PEOPLE_AND_WORK),),
)
