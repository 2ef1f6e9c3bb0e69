"""`/propose`, as people type it."""

from handlers.kit import command_text
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.proposals import creation, interactions, parsing

HELP = (
    "`/propose` opens a form, `/propose Adopt the shared calendar` fills in the title.\n"
    '`/propose now "Adopt the shared calendar" why:"One calendar for all schools" closes:7d` posts it at once; '
    "you can add `rule:consensus` (or consent, unanimity, two-thirds, majority, heads, sense), `quorum:60`, "
    "`talk:3d` and `review:2027-06-01`.\n"
    "`/propose show 12`, `amend 12`, `close 12`, `extend 12`, `withdraw 12` do what the buttons do.\n"
    "`/vote 12 agree` says your agency's position."
)


def propose(request: SlackRequest) -> None:
    """Answer /propose."""
    typed = command_text.read(request.typed, parsing.KEYS, parsing.DATED)
    second = command_text.number(typed.words[1].text) if len(typed.words) == 2 else None
    if typed.first == "help" and len(typed.words) == 1:
        request.answer(HELP)
    elif typed.first in interactions.NUMBER_SUBCOMMANDS and second is not None:
        interactions.NUMBER_SUBCOMMANDS[typed.first](request, second)
    elif typed.first in interactions.NUMBER_SUBCOMMANDS and len(typed.words) == 1 and typed.first != "close":
        raise Refusal(f"Say which one, by its number. For example: `/propose {typed.first} 12`")
    elif typed.first == "now" and (typed.gaps or (len(typed.words) > 1 and typed.words[1].quoted)):
        _propose_now(request, typed)
    else:
        title = typed.quoted[0] if len(typed.words) == 1 and typed.quoted else command_text.unwrap(request.typed)
        interactions.open_form(request, title)


def _propose_now(request: SlackRequest, typed: command_text.Typed) -> None:
    private = request.in_private_channel()
    with request.begin() as (session, caller):
        draft = parsing.typed_draft(request, caller, typed, private=private)
        proposal = creation.create_proposal(session, caller, draft, request.now)
        said = interactions.posted_answer(proposal, caller)
    request.answer(said)
