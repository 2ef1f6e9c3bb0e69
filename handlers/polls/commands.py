"""`/vote`, as people type it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from handlers.kit import command_text
from handlers.kit.block_kit import BUTTON_VALUE, actions, button, section
from handlers.kit.command_text import CommandText
from handlers.kit.refusals import Ambiguous, Reading, Refusal, RefusalButton
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import nearest_command
from handlers.kit.text import escape, join_names, truncate
from handlers.polls import creation, forms, interactions, parsing, rules, voting
from handlers.polls.audience import check_sees_poll, no_such, of_either_kind
from handlers.polls.parsing import Times
from handlers.polls.pending import count_waiting, waiting_blocks
from handlers.proposals import positions
from handlers.proposals.audience import check_sees_paper
from handlers.proposals.parsing import names_position, position_before_number, read_position
from storage import polls
from storage import voting as papers
from storage.voting import PollBallotPaper, ProposalBallotPaper

HELP = (
    "`/vote` lists what is waiting for you.\n"
    "`/vote 12 agree` states your agency's position on proposal 12. You can also write `reservations REASON`, "
    "`aside REASON`, `block REASON`, `abstain`, `yes` or `no`. `/vote 12 retract` takes it back.\n"
    "`/vote 14 2` votes in poll 14, by the number of a choice or its words. To rank choices, write `2, 1`; to give "
    "points or dots, `2=5 3=1`; to answer times, `1 yes, 2 maybe`.\n"
    '`/vote "Which week?" "12 Jan" "19 Jan"` asks the channel. You can add `multi:2`, `ranked`, `score`, `dots:5`, '
    "`anonymous`, `hidden`, `open`, `agencies`, `remind` and `closes:3d`.\n"
    '`/vote time "When do we meet?" "2026-12-01 14:00" "2026-12-02 09:00"` finds a time. `/vote new` opens a form.\n'
    "`/vote show 14` shows poll 14 and `/vote close 14` closes it. Both also work for proposals."
)

WORDS = ("show", "close", "new", "time", "help")


def vote_command(request: SlackRequest) -> None:
    """Answer `/vote`."""
    typed = command_text.parse(request.text, parsing.KEYS, parsing.DATE_KEYS)
    number = command_text.parse_number(typed.words[0].text) if typed.words and not typed.words[0].quoted else None
    second_number = command_text.parse_number(typed.words[1].text) if len(typed.words) == 2 else None
    if not typed.words and not typed.gaps:
        interactions.show_waiting(request)
    elif number is not None:
        # what looks like an option belongs to a reason: "12 block closes: friday is too early"
        _vote_on(request, number, command_text.parse(request.text))
    elif typed.first == "help" and len(typed.words) == 1:
        request.answer(HELP)
    elif typed.first in {"show", "close", "new"} and typed.options:
        command_text.refuse_unknown_options(typed, (), parsing.EXAMPLE.removeprefix("For example: "))
    elif typed.first == "show" and second_number is not None:
        interactions.show(request, second_number)
    elif typed.first == "close" and second_number is not None:
        interactions.close(request, second_number)
    elif typed.first == "new":
        interactions.open_form(request, *parsing.guess_poll(command_text.unwrap(typed.text.partition(" ")[2])))
    elif typed.first == "time" or not typed.words or typed.words[0].quoted or _begins_with_flag(typed):
        _create_poll(request, typed)
    else:
        _offer_poll(request, typed)


def _begins_with_flag(typed: CommandText) -> bool:
    """Return whether an option of a poll comes before its question: `ranked "Which week?" "12 Jan" "19 Jan"`."""
    return typed.first in parsing.FLAGS and len(typed.words) > 1 and typed.words[1].quoted


# votes --------------------------------------------------------------------------------------------------


def _vote_on(request: SlackRequest, number: int, typed: CommandText) -> None:
    """Answer a command that begins with the number of a proposal or poll."""
    rest = typed.after(1)
    if not rest:
        interactions.show(request, number)
    elif rest.casefold() == "retract":
        interactions.retract(request, number)
    else:
        _store_vote(request, number, typed)


def _store_vote(request: SlackRequest, number: int, typed: CommandText) -> None:
    """Store a typed position or ballot, in one transaction as a button does.

    Raise Refusal if the text cannot be understood.
    """
    with request.begin_vote(papers.of_number, number) as (session, voter, paper):
        if isinstance(paper, ProposalBallotPaper):
            with _ask_if_question(number, typed), of_either_kind(number):
                check_sees_paper(request, session, voter, paper)
            with _ask_if_question(number, typed), _ask_about_whole(request, number):
                position = read_position(paper.rule, typed.after(1), number, paper.version)
            confirmation = positions.record_position(
                session, voter, paper, position.stance, position.reason, request.now
            )
        elif isinstance(paper, PollBallotPaper):
            with _ask_if_question(number, typed):
                check_sees_poll(request, voter.person.id, paper)
            options = polls.list_options(session, paper.id)
            starts = {option.place: option.starts_at for option in options if option.starts_at}
            times = Times(starts, voter.person.zone, request.now) if starts else None
            labels = {option.place: option.label for option in options}
            with _ask_if_question(number, typed), _ask_about_whole(request, number, secret=paper.anonymous):
                ballot = _parse_ballot(paper, labels, typed.after(1), times)
            words = voting.words_of(paper.kind, ballot, options, voter.person.zone)
            ring, places = request.deps.keys, list(labels)
            confirmation = voting.cast_ballot(session, voter, ring, paper, ballot, request.now, places, words)
        else:
            with _ask_if_question(number, typed):
                no_such(number)
    request.show_result(confirmation)


def _parse_ballot(poll: PollBallotPaper, labels: Mapping[int, str], text: str, times: Times | None) -> rules.Choices:
    ballot = parsing.parse_typed_ballot(poll.kind, poll.number, labels, text, times)
    try:
        rules.check_ballot(poll.kind, poll.most, list(labels), ballot)
    except Refusal as refusal:
        example = f"`/vote {poll.number} {parsing.BALLOT_EXAMPLES[poll.kind]}`"
        raise refusal.with_example(f"For example: {example}") from None
    return ballot


@contextmanager
def _ask_about_whole(request: SlackRequest, number: int, *, secret: bool = False) -> Iterator[None]:
    """Turn a question about what follows the number into one about the whole command.

    A secret vote must not be kept as a draft, so the question is asked in words.
    """
    try:
        yield
    except Ambiguous as question:
        if secret:
            ways = join_names([f"`/vote {number} {escape(reading.text)}`" for reading in question.readings], last="or")
            raise Refusal(f"{question.sentence} Type {ways}.") from None
        readings = [replace(reading, text=f"{number} {escape(reading.text)}") for reading in question.readings]
        raise Ambiguous(question.sentence, request.text, readings, buttons=question.buttons) from None


@contextmanager
def _ask_if_question(number: int, typed: CommandText) -> Iterator[None]:
    """If the text cannot be read as a vote and ends with a question mark, ask whether it is a question."""
    try:
        yield
    except Ambiguous:
        raise
    except Refusal:
        if typed.text.endswith("?"):
            raise _maybe_question(number, typed) from None
        raise


def _maybe_question(number: int, typed: CommandText) -> Refusal:
    return Refusal(
        f"Is “{escape(truncate(typed.text, 100))}” a question? To ask it, put the question and its choices in "
        "quotes, for "
        f'example: `/vote "3 weeks or 4?" "3 weeks" "4 weeks"`. I could not read it as a vote on #{number}. `/vote` '
        "lists what is waiting for you.",
        buttons=[RefusalButton("Make it a poll", "poll.form", _carried(typed))],
    )


# polls --------------------------------------------------------------------------------------------------


def _create_poll(request: SlackRequest, typed: CommandText) -> None:
    if request.channel.startswith("D"):
        # a direct message is no place for a poll, so the form asks for the channel
        with request.read() as (_, caller):
            draft = parsing.parse_typed_poll(request, caller, typed, private=False)
        interactions.open_form_with(request, draft, caller.zone)
        return
    private = request.in_private_channel()
    with request.begin() as (session, caller):
        draft = parsing.parse_typed_poll(request, caller, typed, private=private)
        try:
            creation.check_draft(draft)
        except Refusal as refusal:
            raise refusal.with_example(parsing.example_of(draft.kind)) from None
        if draft.closes_late:
            question = forms.late_closing_form(request.origin, draft, caller.zone)
        else:
            poll = creation.create_poll(session, caller, request.deps.keys, draft, request.now)
            confirmation = interactions.confirmation(poll, caller, draft)
    if draft.closes_late:
        request.open_form(question)
    else:
        request.answer(confirmation)


def _offer_waiting(request: SlackRequest, typed: CommandText) -> None:
    """Answer a position without a number: list what is waiting for the person, with its buttons."""
    said = escape(truncate(typed.text, 100))
    with request.read() as (session, caller):
        waiting = waiting_blocks(session, caller, request.reader(caller.person.id), request.now)
        nothing = not count_waiting(session, caller, request.reader(caller.person.id), request.now)
    how = "Begin with a number, as in `/vote 12 agree`, or press a button."
    sentence = f"I do not know what “{said}” is an answer to. {'Nothing is waiting for your vote.' if nothing else how}"
    poll = [button("Make it a poll", "poll.form", _carried(typed))] if len(typed.words) > 1 else []
    request.answer(sentence, [section(sentence), *waiting, *([actions(*poll)] if poll else [])])


def _carried(typed: CommandText) -> str:
    """Return what was typed, as a button carries it to the form."""
    return truncate(typed.text, BUTTON_VALUE)


def _offer_poll(request: SlackRequest, typed: CommandText) -> None:
    """Answer text that begins with no known word: name the nearest one, and offer to make the text a poll."""
    if names_position(typed.text) and position_before_number(typed.text) is None:
        _offer_waiting(request, typed)
        return
    nearest, readings = _nearest_word(request, typed)
    sentence = (
        f"I do not understand “{escape(truncate(typed.text, 100))}”.{nearest} To ask a question, put it and "
        'its choices in quotes, for example: `/vote "Which week?" "12 Jan" "19 Jan"`. To vote, begin with the number '
        "of the proposal or poll: `/vote 12 agree`"
    )
    request.require()
    new = RefusalButton("Make it a poll", "poll.form", _carried(typed))
    raise Ambiguous(sentence, request.text, readings, buttons=[new])


def _nearest_word(request: SlackRequest, typed: CommandText) -> tuple[str, Sequence[Reading]]:
    """Return a question that offers the nearest known word, and its reading. Both are empty if none is near."""
    position = position_before_number(typed.text)
    if position is not None:
        label, number, text = position
        button = f"{label} to #{number}" if label == "Agree" else f"{label} on #{number}"
        return f" Did you mean `/vote {escape(truncate(text.replace('`', ''), 80))}`?", [Reading(button, text)]
    if typed.first in {"show", "close"}:
        return f" To {typed.first} a poll or proposal, add its number: `/vote {typed.first} 14`.", []
    suggestion, readings = nearest_command(request, typed, _words_before(typed))
    which = command_text.parse_number(typed.words[1].text) if len(typed.words) == 2 else None
    if not readings and which is not None:
        # what can be done with it, its details tell
        return f" Did you mean `/vote show {which}`?", [Reading(f"Show #{which}", f"show {which}")]
    return suggestion, readings


def _words_before(typed: CommandText) -> Sequence[str]:
    """Return the known words that can stand before what follows the first one: none before a question's words."""
    if len(typed.words) == 1:
        return WORDS
    if typed.words[1].quoted:
        return ("time", "new")
    is_number = len(typed.words) == 2 and command_text.parse_number(typed.words[1].text) is not None
    return ("show", "close") if is_number else ()
