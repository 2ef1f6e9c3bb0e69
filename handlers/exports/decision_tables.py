"""Tables of what was decided, what polls came to, and how the work together goes."""

from collections.abc import Iterator, Mapping, Sequence

from handlers.exports.rules import Row
from handlers.exports.scope import Reader
from handlers.polls import snapshot
from handlers.polls.labels import KIND_NAMES
from handlers.polls.rules import ENOUGH, Line
from handlers.polls.rules import Result as Outcome
from handlers.proposals import snapshot as proposal_pictures
from handlers.proposals.labels import LABELS, RULE_NAMES
from handlers.proposals.rules import Standing
from handlers.proposals.snapshot import ProposalSnapshot
from handlers.pulse.question_bank import THEMES
from handlers.pulse.rules import results
from handlers.pulse.rules.results import Counts, Result
from storage import exports, minutes, polls, proposals
from storage.exports import Held
from storage.polls import Option, Poll
from storage.proposals import Proposal
from storage.pulse import Round
from storage.vocabulary import AgencyId, Language, PollKind, PollState

DECISION_HEAD = (
    *("Number", "Title", "Text", "Outcome", "Rule", "In a sentence", "Proposed by", "Agency", "Decided (ZONE)"),
    *("Look again on", "Recorded in", "Agencies present"),
)
POSITION_HEAD = ("Number", "Title", "Agency", "Position", "Said by", "Seat", "Counts as", "Reason")
UPTAKE_HEAD = ("Number", "Title", "Agency", "Takes it up", "How, or why not")
POLL_HEAD = (
    *("Number", "Question", "Kind", "Anonymous", "One voice per agency", "State", "Closes (ZONE)", "People who voted"),
    *("Option", "Begins (ZONE)", "Result", "Counted in", "Yes", "If need be", "Leads", "Not shown because"),
)
CLIMATE_HEAD = (
    *("Round of", "Theme", "Of", "Asked", "Answered", "Mean", "Spread"),
    *("Chose 1", "Chose 2", "Chose 3", "Chose 4", "Chose 5", "Not shown because"),
)
COMMENT_HEAD = ("Round of", "Comment")

HIDDEN = "What was chosen is hidden for now"
FEW_BALLOTS = f"An anonymous poll shows counts from {ENOUGH} ballots on"
FEW_ANSWERS = f"Nothing is shown or kept of fewer than {results.ENOUGH} answers"

_COUNTED = {
    PollKind.RANKED: "other options beaten",
    PollKind.SCORE: "points, on average",
    PollKind.DOTS: "dots",
    PollKind.TIME: "yes and if need be",
}


def decisions(reader: Reader) -> Iterator[Row]:
    """List the decision log: what proposals came to, and what minutes record that this person may read."""
    for page in exports.decided(reader.session, reader.consortium.id):
        for one in page:
            agency = reader.agency(one.author_agency_id)
            author = reader.person(one.author_id)
            rule = RULE_NAMES[one.rule]
            said = (one.number, one.title, one.body, one.state, rule, one.verdict, author, agency)
            yield *said, one.decided_at, one.review_on, "", ""
    for together in exports.meetings(reader.session, reader.consortium.id):
        for held in together:
            yield from _recorded(reader, held)


def _recorded(reader: Reader, held: Held) -> Iterator[Row]:
    if held.minutes is None or not reader.sees(held):
        return
    present = ", ".join(sorted(reader.agency(one) for one in held.minutes.agencies if one in reader.agencies))
    where = f"Minutes of {held.series.title}"
    for one in minutes.decisions(reader.session, held.minutes.id):
        outcome = "objected to" if one.proposal else "recorded in minutes"
        yield one.proposal, one.text, "", outcome, "", "", "", "", one.decided_at, None, where, present


def positions(reader: Reader) -> Iterator[Row]:
    """List who said what for whom on each decision, as its details show it."""
    for page in exports.decided(reader.session, reader.consortium.id):
        for one in page:
            picture = proposal_pictures.take(reader.session, one)
            for name, stance, reason in picture.heads:
                yield one.number, one.title, "", LABELS[stance], name, "", "the person's voice", reason
            for agency, standing in sorted(picture.standings.items(), key=lambda pair: reader.agency(pair[0])):
                yield from _said(reader, one, picture, agency, standing)


def _said(
    reader: Reader, one: Proposal, picture: ProposalSnapshot, agency: AgencyId, standing: Standing
) -> Iterator[Row]:
    what = (one.number, one.title, reader.agency(agency))
    if not standing.own:
        yield *what, "silent", "", "", "", ""
    for words, counts in ((standing.own, "the agency's word"), (standing.voices, "a voice, counts for nothing")):
        shown = "one of several words of a divided agency" if standing.divided and words is standing.own else counts
        for word in words:
            name, seat = picture.people[word.said.member_id], word.said.seat
            yield *what, LABELS[word.stance], name, seat, shown, word.reason


def uptakes(reader: Reader) -> Iterator[Row]:
    """List how agencies take decisions up."""
    for page in exports.decided(reader.session, reader.consortium.id):
        for one in page:
            for taken in proposals.uptakes(reader.session, one.id):
                yield one.number, one.title, reader.agency(taken.agency_id), taken.how, taken.note


def questions(reader: Reader) -> Iterator[Row]:
    """List polls with what each option got, as far as this person may see it."""
    for page in exports.polls(reader.session, reader.consortium.id):
        seen = [one for one in page if (one.team_id, one.channel) in reader.channels]
        options = exports.options(reader.session, [one.id for one in seen])
        for one in seen:
            yield from _options(reader, one, options[one.id])


def _options(reader: Reader, one: Poll, options: Sequence[Option]) -> Iterator[Row]:
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


def climate(reader: Reader) -> Iterator[Row]:
    """List what the rounds of the pulse came to. What is withheld is not kept, and it says so."""
    for page in exports.rounds(reader.session, reader.consortium.id):
        for one in page:
            yield from _round(reader, one, results.load(one.result)) if one.result else ()


def _round(reader: Reader, one: Round, result: Result) -> Iterator[Row]:
    whole = (result.asked, result.answered)
    if not result.counts:
        yield one.day, "", "everybody", *whole, *[None] * 7, FEW_ANSWERS
    for theme, counts in results.by_theme(result.counts).items():
        figures = (round(results.mean(counts), 1), round(results.spread(counts), 1))
        yield one.day, THEMES[theme][Language.ENGLISH], "everybody", *whole, *figures, *counts, ""
    for group in result.groups:
        of = ", ".join(reader.agency(agency) for agency in group.agencies)
        for name, mean in _means(group.counts).items():
            # of groups the means are shown, and nothing more
            yield one.day, name, of, None, group.answered, mean, *[None] * 6, ""


def _means(counts: Counts) -> Mapping[str, float]:
    themes = results.by_theme(counts).items()
    return {THEMES[theme][Language.ENGLISH]: round(results.mean(found), 1) for theme, found in themes}


def comments(reader: Reader) -> Iterator[Row]:
    """List the comments of the rounds, where there were enough of them, in the order in which they were shuffled."""
    for page in exports.rounds(reader.session, reader.consortium.id):
        for one in page:
            for comment in results.load(one.result).comments if one.result else ():
                yield one.day, comment
