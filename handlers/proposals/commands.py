"""`/propose`, as people type it."""

from collections.abc import Sequence

from handlers.kit import command_text, quotes
from handlers.kit.command_text import CommandText
from handlers.kit.refusals import Ambiguous, Reading, RefusalButton
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


LIST_BUTTONS = (RefusalButton("Waiting for me", "poll.waiting"), RefusalButton("Decisions", "member.decisions", "0"))

_LISTS = frozenset({"all", "decisions", "list", "log", "mine", "open", "status"})
"""Words that people type for a list of proposals, which other commands show."""


def propose(request: SlackRequest) -> None:
    """Handle /propose."""
    typed = command_text.parse(request.text, parsing.KEYS, parsing.DATED_KEYS)
    number = command_text.parse_number(typed.words[1].text) if len(typed.words) > 1 else None
    subcommand = interactions.NUMBER_SUBCOMMANDS.get(typed.first)
    if typed.first == "help" and len(typed.words) == 1:
        request.answer(HELP)
    elif subcommand is not None and number is not None and len(typed.words) == 2 and not typed.options:
        subcommand(request, number)
    elif typed.first == "amend" and number is not None and len(typed.words) == 3 and typed.words[2].quoted:
        interactions.amend(request, number, typed.words[2].text, parsing.typed_body(typed))
    elif typed.first == "now" and (typed.gaps or (len(typed.words) > 1 and typed.words[1].quoted)):
        _propose_now(request, typed)
    else:
        if not typed.quoted and not typed.options:
            _check_is_title(request, typed)
        _open_form(request, typed)


def _open_form(request: SlackRequest, typed: CommandText) -> None:
    """Open the form with everything that was typed in it."""
    with request.read() as (_, caller):
        draft = parsing.form_draft(request, caller, typed)
    interactions.open_form(request, draft)


def _check_is_title(request: SlackRequest, typed: CommandText) -> None:
    """Raise Ambiguous if words without quotes are nearly a command. It offers the command, and the form."""
    readings: Sequence[Reading] = ()
    buttons: Sequence[RefusalButton] = ()
    known = interactions.NUMBER_SUBCOMMANDS
    first, alone = typed.first, len(typed.words) == 1
    has_number = any(command_text.parse_number(word.text) is not None for word in typed.words[:2])
    number = command_text.parse_number(typed.words[0].text) if alone else None
    suggestion = ""
    if number is not None:
        suggestion = f" Did you mean `/propose show {number}`?"
        readings = [Reading(f"Show #{number}", f"show {number}")]
    elif alone and first in known:
        suggestion = f" To {first} a proposal, add its number: `/propose {first} 12`. `/vote` lists what is open."
    elif alone and first in _LISTS:
        suggestion = " `/vote` lists what is waiting for you, `/consortium decisions` what was decided."
        buttons = LIST_BUTTONS
    elif has_number and len(typed.words) == 2:
        suggestion, readings = nearest_command(request, typed, known)
    if not suggestion:
        return
    request.require()
    raise Ambiguous(
        f"I do not know what to do with “{escape(truncate(typed.text, 60))}”.{suggestion}",
        request.text,
        [*readings, Reading("It is a title", quotes.wrap(request.text.strip()))],
        buttons=buttons,
    )


def _propose_now(request: SlackRequest, typed: CommandText) -> None:
    if request.channel.startswith("D"):
        # a direct message is no place for a proposal, so the form asks for the channel
        with request.read() as (_, caller):
            draft = parsing.typed_draft(request, caller, typed, private=False)
        interactions.open_form(request, draft)
        return
    private = request.in_private_channel()
    in_channel = openings.people_in_channel(request, request.channel, private=private)
    with request.begin() as (session, caller):
        draft = parsing.typed_draft(request, caller, typed, private=private)
        proposal = creation.create_proposal(session, caller, draft, request.now)
        absent = openings.notify_absent_deciders(session, proposal, in_channel, request.now)
        answer = interactions.posted_answer(proposal, caller, absent)
    request.answer(answer)
