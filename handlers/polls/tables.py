"""The table that an export has of polls."""

from collections.abc import Iterator, Sequence

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from handlers.polls import snapshot
from handlers.polls.audience import audience_of
from handlers.polls.labels import KIND_NAMES
from handlers.polls.rules import ENOUGH, Line
from handlers.polls.rules import Result as Outcome
from storage import exports, polls
from storage.polls import Option, Poll
from storage.vocabulary import PollKind, PollState

POLL_HEAD = (
    *("Number", "Question", "Kind", "Anonymous", "One voice per agency", "State", "Closes (ZONE)", "People who voted"),
    *("Option", "Begins (ZONE)", "Result", "Counted in", "Yes", "If need be", "Leads", "Not shown because"),
)


HIDDEN = "What was chosen is hidden for now"


FEW_BALLOTS = f"An anonymous poll shows counts from {ENOUGH} ballots on"


_COUNTED = {
    PollKind.RANKED: "other options beaten",
    PollKind.SCORE: "points, on average",
    PollKind.DOTS: "dots",
    PollKind.TIME: "yes and if need be",
}


def questions(reader: ExportReader) -> Iterator[Row]:
    """List polls with what each option got, as far as this person may see it."""
    for page in exports.polls(reader.session, reader.consortium.id):
        seen = [poll for poll in page if reader.sees(audience_of(poll))]
        options = exports.options(reader.session, [one.id for one in seen])
        for one in seen:
            yield from _options(reader, one, options[one.id])


def _options(reader: ExportReader, one: Poll, options: Sequence[Option]) -> Iterator[Row]:
    voted = polls.ballot_of(reader.session, one.id, reader.member.id) is not None
    picture = snapshot.take(reader.session, one, reveal=voted)
    found = picture.result
    why = HIDDEN if found is None else FEW_BALLOTS if found.withheld else ""
    lines = {line.place: line for line in found.lines} if found is not None and not why else {}
    said = (one.number, one.question, KIND_NAMES[one.kind], one.anonymous, one.by_agency, one.state)
    when = one.closes_at if one.state is PollState.OPEN else one.closed_at
    for option in options:
        got = _got(one, found, lines.get(option.place))
        yield *said, when, picture.ballots, option.label, option.starts_at, *got, why


def _got(one: Poll, found: Outcome | None, line: Line | None) -> Row:
    if line is None or found is None:
        return None, "", None, None, None
    counted = _COUNTED.get(one.kind, "agencies" if one.by_agency else "votes")
    timed = one.kind is PollKind.TIME
    leads = line.place in found.leaders
    return line.number, counted, line.yes if timed else None, line.maybe if timed else None, leads
