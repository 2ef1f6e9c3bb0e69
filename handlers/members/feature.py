"""The record of the members feature: the consortium, its agencies, and its people."""

from handlers.kit.export_tables import PEOPLE_AND_WORK, ExportTable
from handlers.kit.feature import Command, Feature, NoticeRenderer, Phase, Sweep
from handlers.members import (
    agency_commands,
    availability_commands,
    commands,
    interactions,
    jobs,
    leaving,
    requests,
    tables,
)
from storage.vocabulary import LiveMessageKind, NoticeKind

FEATURE = Feature(
    name="members",
    commands={
        "/consortium": Command(
            commands.consortium_command,
            "Who we are, and the record",
            "setup, agency, join, member, who, decisions, export",
        ),
    },
    words={
        "/consortium": {
            "setup": commands.setup_command,
            "agency": agency_commands.agency_command,
            "join": commands.join_command,
            "away": availability_commands.away_command,
            "back": availability_commands.back_command,
            "reminders": availability_commands.reminders_command,
            "member": commands.member_command,
            "facilitator": commands.facilitator_command,
            "leave": commands.leave_command,
            "remove": commands.remove_command,
            "who": commands.who_command,
            "settings": commands.settings_command,
            "help": commands.help_command,
        },
        "/workload": {"settings": commands.thresholds_command},
    },
    actions={
        "member.found": interactions.press_found,
        "member.agency": interactions.press_agency,
        "member.undo": interactions.press_undo,
        "member.end": interactions.press_end,
        "member.place": interactions.press_place,
        "member.join": interactions.press_join,
        "member.leave": interactions.press_leave,
        "member.remove": interactions.press_remove,
        "member.facilitator": interactions.press_facilitator,
        "request.confirm": interactions.press_confirm,
        "request.decline": interactions.press_decline,
        "member.settings": interactions.press_settings,
        "member.thresholds": interactions.press_thresholds,
    },
    forms={
        "member.found": interactions.submit_found,
        "member.agency": interactions.submit_agency,
        "member.place": interactions.submit_place,
        "member.join": interactions.submit_join,
        "member.leave": interactions.submit_leave,
        "member.remove": interactions.submit_remove,
        "member.facilitator": interactions.submit_facilitator,
        "member.settings": interactions.submit_settings,
        "member.thresholds": interactions.submit_thresholds,
    },
    events={"user_change": leaving.user_change, "team_join": leaving.user_change},
    sweeps=(
        Sweep(
            "people",
            lambda deps, now: jobs.sweep(deps.db, deps.directory, now),
            jobs.next_due,
            "people's profiles are checked",
            Phase.OUTSIDE,
        ),
        Sweep(
            "requests",
            lambda deps, now: jobs.follow_up_requests(deps.db, now),
            jobs.next_request_due,
            "people are asked again about a request that nobody has answered",
        ),
    ),
    live={LiveMessageKind.REQUEST: requests.render_question},
    notices={
        NoticeKind.DEPARTURE: NoticeRenderer(jobs.render_departures, "the news that somebody has left"),
        NoticeKind.ARRIVAL: NoticeRenderer(jobs.render_arrivals, "the news of who has come to an agency"),
    },
    tables=(
        ExportTable("People", tables.PEOPLE_HEAD, tables.people_rows, PEOPLE_AND_WORK),
        ExportTable("Agencies", tables.AGENCY_HEAD, tables.agency_rows, PEOPLE_AND_WORK),
        ExportTable("Only about you", tables.OWN_HEAD, tables.own_rows, PEOPLE_AND_WORK),
    ),
)
