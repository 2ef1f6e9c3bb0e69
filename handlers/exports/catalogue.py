"""Which tables an export has, and in which of its two messages each one comes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from handlers.exports import decision_tables as decided
from handlers.exports import meeting_tables as met
from handlers.exports import work_tables as work
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
        Table("People", work.PEOPLE_HEAD, work.people),
        Table("Agencies", work.AGENCY_HEAD, work.organisations),
        Table("Roles", work.ROLE_HEAD, work.held_roles),
        Table("Tasks", work.TASK_HEAD, work.tasks),
        Table("Contributions", work.GIVEN_HEAD, work.given),
        Table("Gains", work.GAIN_HEAD, work.gains),
        Table("Funding", work.FUNDING_HEAD, work.funding),
        Table("Dues", work.DUES_HEAD, work.dues),
        Table("Only about you", work.OWN_HEAD, work.own),
    ),
    DECIDED: (
        Table("Decisions", decided.DECISION_HEAD, decided.decisions, shut=True),
        Table("Positions", decided.POSITION_HEAD, decided.positions),
        Table("How decisions are taken up", decided.UPTAKE_HEAD, decided.uptakes),
        Table("Polls", decided.POLL_HEAD, decided.questions, shut=True),
        Table("Climate", decided.CLIMATE_HEAD, decided.climate),
        Table("Comments on the climate", decided.COMMENT_HEAD, decided.comments),
        Table("Meetings", met.MEETING_HEAD, met.meetings, shut=True),
        Table("Agendas", met.AGENDA_HEAD, met.agendas, shut=True),
        Table("Minutes", met.MINUTES_HEAD, met.protocols, shut=True),
    ),
}
"""Each message has at most ten files, which is as many as Slack's own form takes."""


def filename(title: str) -> str:
    """Name a table's file."""
    return f"{title.casefold().replace(' ', '-')}.csv"
