"""The export table of polls."""

from collections.abc import Iterator, Sequence

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from handlers.polls.audience import audience_of
from handlers.polls.labels import KIND_NAMES
from handlers.polls.rules import MIN_ANONYMOUS_BALLOTS, OptionResult, PollResult
from handlers.polls.snapshot import load_snapshot
from storage import exports, polls
from storage.polls import Poll, PollOption
from storage.vocabulary import PollKind, PollState

POLL_HEAD = (
    *("Number", "Question", "Kind", "Anonymous", "One voice per agency", "State", "Closes (ZONE)", "People who voted"),
    *("Option", "Begins (ZONE)", "Result", "Counted in", "Yes", "If need be", "Leads", "Not shown because"),
)

HIDDEN = "The votes are hidden for now"
FEW_BALLOTS = f"An anonymous poll shows no counts with fewer than {MIN_ANONYMOUS_BALLOTS} votes"

_UNITS = {
    PollKind.RANKED: "other options it is ahead of",
    PollKind.SCORE: "points, on average",
    PollKind.DOTS: "dots",
    PollKind.TIME: "yes and if need be",
}


def poll_rows(reader: ExportReader) -> Iterator[Row]:
    """Yield the options of the polls that the reader sees, with their results unless these are hidden."""
    for page in exports.poll_pages(reader.session, reader.consortium.id):
        visible = [poll for poll in page if reader.sees(audience_of(poll))]
        options = exports.options_by_poll(reader.session, [poll.id for poll in visible])
        for poll in visible:
            yield from _option_rows(reader, poll, options[poll.id])


def _option_rows(reader: ExportReader, poll: Poll, options: Sequence[PollOption]) -> Iterator[Row]:
    voted = polls.has_voted(reader.session, poll.id, reader.member.id)
    snapshot = load_snapshot(reader.session, poll, reveal=voted)
    result = snapshot.result
    reason = HIDDEN if result is None else FEW_BALLOTS if result.withheld else ""
    by_place = {option.place: option for option in result.options} if result is not None and not reason else {}
    about = (poll.number, poll.question, KIND_NAMES[poll.kind], poll.anonymous, poll.by_agency, poll.state)
    closes = poll.closes_at if poll.state is PollState.OPEN else poll.closed_at
    for option in options:
        cells = _result_cells(poll, result, by_place.get(option.place))
        yield *about, closes, snapshot.ballots, option.label, option.starts_at, *cells, reason


def _result_cells(poll: Poll, result: PollResult | None, option: OptionResult | None) -> Row:
    if option is None or result is None:
        return None, "", None, None, None
    unit = _UNITS.get(poll.kind, "agencies" if poll.by_agency else "votes")
    yes, maybe = (option.yes, option.maybe) if poll.kind is PollKind.TIME else (None, None)
    return option.score, unit, yes, maybe, option.place in result.leaders
