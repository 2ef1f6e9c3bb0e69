"""What Slack sends about proposals."""

from handlers.kit import words
from handlers.kit.asking import Ask
from handlers.kit.refusals import Refusal
from handlers.kit.surface import Surface
from handlers.proposals import pressing, proposing, reading, stance_pressing

HELP = (
    "`/propose` opens a form, `/propose Adopt the shared calendar` fills in the title.\n"
    '`/propose now "Adopt the shared calendar" why:"One calendar for all schools" closes:7d` posts it at once; '
    "you can add `rule:consensus` (or consent, unanimity, two-thirds, majority, heads, sense), `quorum:60`, "
    "`talk:3d` and `review:2027-06-01`.\n"
    "`/propose show 12`, `amend 12`, `close 12`, `extend 12`, `withdraw 12` do what the buttons do.\n"
    "`/vote 12 agree` says your agency's position."
)


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.command(
        "/propose", propose, does="Propose something to the consortium", hint='now "Title" why:"…" closes:7d'
    )
    surface.actions(
        {
            "proposal.say.*": stance_pressing.press_stance,
            "proposal.details": pressing.press_details,
            "proposal.retract": stance_pressing.press_retract,
            "proposal.amend": pressing.press_amend,
            "proposal.close": pressing.press_close,
            "proposal.extend": pressing.press_extend,
            "proposal.withdraw": pressing.press_withdraw,
            "proposal.instead": stance_pressing.press_instead,
            "proposal.uptake.*": stance_pressing.press_uptake,
            "proposal.form": pressing.press_form,
        }
    )
    surface.forms(
        {
            "proposal.new": pressing.submit_new,
            "proposal.amend": pressing.submit_amend,
            "proposal.reason": stance_pressing.submit_reason,
            "proposal.uptake": stance_pressing.submit_uptake,
        }
    )


def propose(ask: Ask) -> None:
    """Answer /propose."""
    typed = words.read(ask.typed, reading.KEYS, reading.DATED)
    second = words.number(typed.words[1].text) if len(typed.words) == 2 else None
    if typed.first == "help" and len(typed.words) == 1:
        ask.answer(HELP)
    elif typed.first in pressing.BY_NUMBER and second is not None:
        pressing.BY_NUMBER[typed.first](ask, second)
    elif typed.first in pressing.BY_NUMBER and len(typed.words) == 1 and typed.first != "close":
        raise Refusal(f"Say which one, by its number. For example: `/propose {typed.first} 12`")
    elif typed.first == "now" and (typed.gaps or (len(typed.words) > 1 and typed.words[1].quoted)):
        _propose_now(ask, typed)
    else:
        title = typed.quoted[0] if len(typed.words) == 1 and typed.quoted else words.unwrap(ask.typed)
        pressing.open_form(ask, title)


def _propose_now(ask: Ask, typed: words.Typed) -> None:
    with ask.begin() as (session, caller):
        draft = reading.typed_draft(ask, caller, typed)
        proposal = proposing.propose(session, caller, draft, ask.now)
        said = pressing.posted(proposal, caller)
    ask.answer(said)
