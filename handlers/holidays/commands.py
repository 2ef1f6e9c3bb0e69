"""`/consortium agency holidays` as people type it."""

from handlers.holidays import closed_days, parsing, views
from handlers.holidays.rules import ranges
from handlers.kit.command_text import CommandText
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape
from storage.vocabulary import ClosedDays


def holidays_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium agency holidays`: add the typed days, or list the agency's closed days."""
    name, days, label = parsing.name_days_and_label(typed)
    if not days:
        shown = closed_days.OWN
        if name:
            with request.read() as (session, caller):
                shown = str(closed_days.find_agency(session, caller, name).id)
        request.show_window("closed_days", shown)
        return
    with request.begin() as (session, caller):
        agency = closed_days.find_agency(session, caller, name)
        closed_days.check_may_change(session, caller, agency)
        read = ranges.read(days, request.now, caller.zone, agency.name)
        added = [ClosedDays(d.first, d.last, label) for d in read]
        closed_days.add_days(session, caller, agency, added, request.now)
        sentence = views.days_added(agency.name, added)
        command = f'`/consortium agency holidays "{escape(agency.name)}"`'
    request.show_result(f"{sentence} {command} lists all of them.")
