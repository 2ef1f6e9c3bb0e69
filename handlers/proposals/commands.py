"""`/propose`, as people type it."""

from handlers.kit import command_text, quotes
from handlers.kit.command_text import CommandText
from handlers.kit.refusals import Ambiguous, Reading, Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import nearest_command
from handlers.kit.text import escape, truncate
from handlers.proposals import creation, interactions, openings, parsing

HELP = (
    "`/propose` opens a form. `/propose Adopt the shared calendar` fills in its title.\n"
    '`/propose now "Adopt the shared calendar" why:"One calendar for all schools" closes:7d` posts a proposal without '
    "the form. You can add `rule:consensus` (or `consent`, `unanimity`, `two-thirds`, `majority`, `heads`, `sense`), "
    "`quorum:60`, `talk:3d` and `review:2027-06-01`.\n"
    "`/propose show 12` shows proposal 12. `amend 12`, `close 12`, `extend 12` and `withdraw 12` change it.\n"
    "`/vote 12 agree` records your agency's position."
)


def propose(request: SlackRequest) -> None:
    """Handle /propose."""
    typed = command_text.parse(request.text, parsing.KEYS, parsing.DATED_KEYS)
    number = command_text.parse_number(typed.words[1].text) if len(typed.words) == 2 else None
    if typed.first == "help" and len(typed.words) == 1:
        request.answer(HELP)
    elif typed.first in interactions.NUMBER_SUBCOMMANDS and number is not None:
        interactions.NUMBER_SUBCOMMANDS[typed.first](request, number)
    elif typed.first in interactions.NUMBER_SUBCOMMANDS and len(typed.words) == 1 and typed.first != "close":
        raise Refusal(f"Which proposal? Add its number. For example: `/propose {typed.first} 12`")
    elif typed.first == "now" and (typed.gaps or (len(typed.words) > 1 and typed.words[1].quoted)):
        _propose_now(request, typed)
    else:
        if number is not None and not typed.words[0].quoted:
            _check_not_misspelled(request, typed)
        title = typed.quoted[0] if len(typed.words) == 1 and typed.quoted else command_text.unwrap(request.text)
        interactions.open_form(request, title)


def _check_not_misspelled(request: SlackRequest, typed: CommandText) -> None:
    """Raise Refusal if a word before a number is nearly a subcommand. It offers the subcommand."""
    suggestion, readings = nearest_command(request, typed, interactions.NUMBER_SUBCOMMANDS)
    if suggestion:
        request.require()
        title = escape(truncate(typed.text.replace("`", ""), 80))
        raise Ambiguous(
            f"I do not know “{escape(truncate(typed.words[0].text, 60))}”.{suggestion} If it is the title of a "
            f'proposal, put it in quotes: `/propose "{title}"`',
            request.text,
            [*readings, Reading("It is a title", quotes.wrap(request.text.strip()))],
        )


def _propose_now(request: SlackRequest, typed: CommandText) -> None:
    private = request.in_private_channel()
    in_channel = openings.people_in_channel(request, request.channel, private=private)
    with request.begin() as (session, caller):
        draft = parsing.typed_draft(request, caller, typed, private=private)
        proposal = creation.create_proposal(session, caller, draft, request.now)
        absent = openings.notify_absent_deciders(session, proposal, in_channel, request.now)
        answer = interactions.posted_answer(proposal, caller, absent)
    request.answer(answer)
