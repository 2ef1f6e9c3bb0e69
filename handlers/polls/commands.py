"""`/vote`, as people type it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from handlers.kit import command_text
from handlers.kit.block_kit import button, row, section
from handlers.kit.refusals import Refusal, RefusalButton
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut, escape
from handlers.polls import creation, interactions, parsing, rules, voting
from handlers.polls.audience import check_sees_poll, no_such
from handlers.polls.parsing import BALLOT_EXAMPLES, read_ballot
from handlers.proposals import positions
from handlers.proposals.audience import check_sees_paper
from handlers.proposals.parsing import read_position
from storage import polls
from storage import voting as papers
from storage.voting import PollPaper, ProposalPaper

HELP = (
    "`/vote` lists what is waiting for you.\n"
    "`/vote 12 agree`, `reservations REASON`, `aside REASON`, `block REASON`, `abstain` (or `yes`, `no`) say your "
    "agency's position on proposal 12; `/vote 12 retract` takes it back.\n"
    "`/vote 14 2` votes in poll 14, by number or words; ranked `2, 1`; points and dots `2=5 3=1`; times "
    "`1 yes, 2 maybe`.\n"
    '`/vote "Which week?" "12 Jan" "19 Jan"` asks at once; you can add `multi:2`, `ranked`, `score`, `dots:5`, '
    "`anonymous`, `hidden`, `open`, `agencies`, `remind`, `closes:3d`.\n"
    '`/vote time "When do we meet?" "2026-12-01 14:00" "2026-12-02 09:00"` finds a time. `/vote new` opens a form.\n'
    "`/vote close 14` closes, `/vote show 14` shows."
)


def vote(request: SlackRequest) -> None:
    """Answer /vote."""
    typed = command_text.read(request.typed, parsing.KEYS, parsing.DATED)
    number = command_text.number(typed.words[0].text) if typed.words and not typed.words[0].quoted else None
    second = command_text.number(typed.words[1].text) if len(typed.words) == 2 else None
    if not typed.words and not typed.gaps:
        interactions.show_waiting(request)
    elif number is not None:
        _on_number(request, number, typed)
    elif typed.first == "help" and len(typed.words) == 1:
        request.answer(HELP)
    elif typed.first in {"show", "close"} and second is not None:
        (interactions.show if typed.first == "show" else interactions.close)(request, second)
    elif typed.first == "new":
        interactions.open_form(request, typed.after(1))
    elif typed.first == "time" or not typed.words or typed.words[0].quoted:
        _ask_now(request, typed)
    else:
        _no_number(request, typed)


def _no_number(request: SlackRequest, typed: command_text.Typed) -> None:
    """Answer words that begin with neither a number nor a quoted question: it may be meant as one."""
    question = cut(typed.text, creation.QUESTION)
    blocks = [
        section(
            f"I am not sure what “{escape(cut(typed.text, 100))}” is. If it is a question, put it and its choices in "
            'quotes, for example: `/vote "Which week?" "12 Jan" "19 Jan"`. To vote, begin with a number: '
            "`/vote 12 agree`"
        ),
        row(button("Make it a poll", "poll.form", question)),
    ]
    with request.look():
        request.answer("I am not sure what that is.", blocks)


def _on_number(request: SlackRequest, number: int, typed: command_text.Typed) -> None:
    """Answer a number: a vote on the proposal or poll that has it."""
    rest = typed.after(1)
    if not rest:
        interactions.show(request, number)
    elif rest.casefold() == "retract":
        interactions.retract(request, number)
    else:
        _vote(request, number, typed)


def _vote(request: SlackRequest, number: int, typed: command_text.Typed) -> None:
    """Keep a typed position or ballot, in one transaction, as a button does.

    Raise Refusal where it cannot be read.
    """
    with request.vote(papers.of_number, number) as (session, voter, paper):
        if isinstance(paper, ProposalPaper):
            check_sees_paper(request, voter, paper)
            with _or_a_question(number, typed):
                position = read_position(paper.rule, typed.after(1), number)
            said = positions.record_position(session, voter, paper, position.stance, position.reason, request.now)
        elif isinstance(paper, PollPaper):
            check_sees_poll(request, voter.person.id, paper)
            options = {option.place: option.label for option in polls.options(session, paper.id)}
            with _or_a_question(number, typed):
                ballot = _read_ballot(paper, options, typed.after(1))
            said = voting.cast(session, voter, request.deps.keys, paper, ballot, request.now, places=list(options))
        else:
            with _or_a_question(number, typed):
                no_such(number)
    request.done(said)


def _read_ballot(poll: PollPaper, options: Mapping[int, str], typed: str) -> rules.Choices:
    ballot = read_ballot(poll.kind, poll.number, options, typed)
    try:
        rules.check(poll.kind, poll.most, list(options), ballot)
    except Refusal as refusal:
        example = f"`/vote {poll.number} {BALLOT_EXAMPLES[poll.kind]}`"
        raise Refusal(f"{refusal.sentence} For example: {example}") from None
    return ballot


@contextmanager
def _or_a_question(number: int, typed: command_text.Typed) -> Iterator[None]:
    """Ask about words that cannot be read as a vote whether they are a question, where they end as one."""
    try:
        yield
    except Refusal:
        if typed.text.endswith("?"):
            _maybe_question(number, typed)
        raise


def _maybe_question(number: int, typed: command_text.Typed) -> None:
    question = cut(typed.text, creation.QUESTION)
    sentence = (
        f"Is “{escape(cut(typed.text, 100))}” a question? Then put it and its choices in quotes, for example: "
        f'`/vote "3 weeks or 4?" "3 weeks" "4 weeks"`. As a vote on #{number} it cannot be read; `/vote` lists what is '
        "waiting for you."
    )
    raise Refusal(sentence, buttons=[RefusalButton("Make it a poll", "poll.form", question)])


def _ask_now(request: SlackRequest, typed: command_text.Typed) -> None:
    private = request.in_private_channel()
    with request.begin() as (session, caller):
        draft = parsing.typed_poll(request, caller, typed, private=private)
        try:
            poll = creation.ask_all(session, caller, request.deps.keys, draft, request.now)
        except Refusal as refusal:
            raise Refusal(f"{refusal.sentence} {parsing.EXAMPLE}") from None
        said = interactions.asked(poll, caller)
    request.answer(said)
