"""Which tables an export has, and in which of its two messages each one comes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from handlers.exports import decision_tables, meeting_tables, work_tables
from handlers.exports.rules import Row
from handlers.exports.scope import Reader


@dataclass(frozen=True)
class Table:
    """A table of an export. `title` names it for people, its file, and what is said of it where it is empty.

    `shut` says that some of it may belong to private channels, of which Slack is asked before.
    """

    title: str
    head: Sequence[str]
    rows: Callable[[Reader], Iterator[Row]]
    shut: bool = False


WHO = "who and what"
DECIDED = "decisions and meetings"

BUNDLES: dict[str, Sequence[Table]] = {
    WHO: (
        Table("People", work_tables.PEOPLE_HEAD, work_tables.people),
        Table("Agencies", work_tables.AGENCY_HEAD, work_tables.organisations),
        Table("Roles", work_tables.ROLE_HEAD, work_tables.held_roles),
        Table("Tasks", work_tables.TASK_HEAD, work_tables.tasks),
        Table("Contributions", work_tables.GIVEN_HEAD, work_tables.given),
        Table("Gains", work_tables.GAIN_HEAD, work_tables.gains),
        Table("Funding", work_tables.FUNDING_HEAD, work_tables.funding),
        Table("Dues", work_tables.DUES_HEAD, work_tables.dues),
        Table("Only about you", work_tables.OWN_HEAD, work_tables.own),
    ),
    DECIDED: (
        Table("Decisions", decision_tables.DECISION_HEAD, decision_tables.decisions, shut=True),
        Table("Positions", decision_tables.POSITION_HEAD, decision_tables.positions),
        Table("How decisions are taken up", decision_tables.UPTAKE_HEAD, decision_tables.uptakes),
        Table("Polls", decision_tables.POLL_HEAD, decision_tables.questions, shut=True),
        Table("Climate", decision_tables.CLIMATE_HEAD, decision_tables.climate),
        Table("Comments on the climate", decision_tables.COMMENT_HEAD, decision_tables.comments),
        Table("Meetings", meeting_tables.MEETING_HEAD, meeting_tables.meetings, shut=True),
        Table("Agendas", meeting_tables.AGENDA_HEAD, meeting_tables.agendas, shut=True),
        Table("Minutes", meeting_tables.MINUTES_HEAD, meeting_tables.protocols, shut=True),
    ),
}
"""Each message has at most ten files, which is as many as Slack's own form takes."""


def filename(title: str) -> str:
    """Name a table's file."""
    return f"{title.casefold().replace(' ', '-')}.csv"
