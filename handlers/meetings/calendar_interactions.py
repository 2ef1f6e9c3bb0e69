"""What is typed and pressed about a member's own calendar address."""

from slack_sdk.models.blocks import ActionsBlock

from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.slack_request import Ask
from handlers.kit.text import escape, lines, moment
from storage import audit, calendars

WITHOUT = (
    "Calendar addresses are not set up here yet: the bot has not been told under which public address it is reached. "
    "IT can do that with one setting, for example `PUBLIC_URL=https://bot.example`; then `/meeting calendar` gives you "
    "yours. Until then a calendar file goes with each agenda and each change."
)

HOW = (
    "Paste it where your calendar takes one: in Google *Other calendars, From URL*, in Outlook *Add calendar, "
    "Subscribe from web*, in Apple *File, New calendar subscription*. It keeps itself current."
)


def show(ask: Ask) -> None:
    """Give the caller an address, or say that there is one already."""
    with ask.look() as (session, caller):
        since = calendars.made_at(session, caller.person.id)
        zone = caller.zone
    if not ask.deps.front.url:
        ask.answer(WITHOUT)
    elif since is None:
        _renew(ask, replace=False)
    else:
        text = (
            f"You have had a calendar address since {moment(since, zone)}. It was shown once and is kept nowhere, so I "
            "cannot repeat it. A new one takes its place; the old one stops working."
        )
        ask.answer("You have a calendar address.", [section(text), _buttons()])


def press_new(ask: Ask) -> None:
    """Give the caller a new address in place of the old one."""
    if ask.deps.front.url:
        _renew(ask, replace=True)
        return
    with ask.look():
        ask.answer(WITHOUT)


def _renew(ask: Ask, *, replace: bool) -> None:
    """Make an address and tell it privately: the answer goes straight to the person and lies in no outbox."""
    with ask.begin() as (session, caller):
        secret = calendars.renew(session, caller.person.id, ask.now)
        name = caller.consortium.name
        audit.note(session, caller.consortium.id, caller.person.id, "renewed", "own calendar address", ask.now)
    text = lines(
        [
            f"*Your calendar address* for the meetings of {escape(name)}:",
            f"`{ask.deps.front.url}/calendar/{secret}.ics`",
            HOW,
            "It shows titles and times to whoever has it, so keep it to yourself. It is shown this once.",
        ]
    )
    ask.answer("Your calendar address.", [section(text), _buttons()], replace=replace)


def press_off(ask: Ask) -> None:
    """Switch the caller's address off."""
    with ask.begin() as (session, caller):
        gone = calendars.revoke(session, caller.person.id)
        if gone:
            audit.note(session, caller.consortium.id, caller.person.id, "switched off", "own calendar address", ask.now)
    said = "It is switched off and shows nothing any more." if gone else "It was off already."
    ask.answer(f"{said} `/meeting calendar` makes a new address.", replace=True)


def _buttons() -> ActionsBlock:
    return block_kit.row(
        block_kit.button("New address", "calendar.new"), block_kit.button("Switch off", "calendar.off")
    )
