"""The caller's calendar address: showing, renewing and switching it off."""

from slack_sdk.models.blocks import ActionsBlock, Block
from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, join_lines, slack_date
from storage import audit, calendars, members

NOT_SET_UP = (
    "Calendar addresses are not set up yet: I have not been told my own public web address. IT can set it, for example "
    "`PUBLIC_URL=https://bot.example`. After that, `/meeting calendar` gives you your address. Until then, a calendar "
    "file comes with each agenda and each change."
)

INSTRUCTIONS = (
    "Paste it into your calendar: in Google *Other calendars, From URL*, in Outlook *Add calendar, Subscribe from "
    "web*, in Apple *File, New calendar subscription*. It stays up to date."
)


def show_address(request: SlackRequest) -> None:
    """Create the caller's address; where there is one already, offer to renew it or switch it off."""
    if not request.deps.public_url.url:
        request.require()
        request.answer(NOT_SET_UP)
        return
    with request.begin() as (session, caller):
        # of two requests at once, the second one finds the address of the first
        members.lock_members(session, [caller.person.id])
        since, zone = calendars.secret_created_at(session, caller.person.id), caller.zone
        blocks = _create_address(request, session, caller) if since is None else []
    if since is None:
        request.answer("Your calendar address.", blocks)
        return
    text = (
        f"You have had a calendar address since {slack_date(since, zone)}. It was shown once and is not stored, "
        "so I cannot show it again. If you make a new one, the old one stops working."
    )
    request.answer("You have a calendar address.", [section(text), _address_buttons()])


def press_new_address(request: SlackRequest) -> None:
    """Create a new address that replaces the caller's old one."""
    if request.deps.public_url.url:
        with request.begin() as (session, caller):
            blocks = _create_address(request, session, caller)
        request.answer("Your calendar address.", blocks, replace=True)
        return
    request.require()
    request.answer(NOT_SET_UP)


def _create_address(request: SlackRequest, session: Session, caller: Caller) -> list[Block]:
    """Create an address. Return the private answer that shows it; it is answered directly: no outbox stores it."""
    secret = calendars.create_secret(session, caller.person.id, request.now)
    audit.record(session, caller.consortium.id, caller.person.id, "renewed", "own calendar address", request.now)
    text = join_lines(
        [
            f"*Your calendar address* for the meetings of {escape(caller.consortium.name)}:",
            f"`{request.deps.public_url.url}/calendar/{secret}.ics`",
            INSTRUCTIONS,
            "Anyone who has it can see titles and times, so keep it to yourself. It is shown only once.",
        ]
    )
    return [section(text), _address_buttons()]


def press_address_off(request: SlackRequest) -> None:
    """Switch the caller's address off."""
    with request.begin() as (session, caller):
        was_on = calendars.delete_secret(session, caller.person.id)
        if was_on:
            audit.record(
                session, caller.consortium.id, caller.person.id, "switched off", "own calendar address", request.now
            )
    state = "It is switched off and no longer shows anything." if was_on else "It was already off."
    request.answer(f"{state} `/meeting calendar` makes a new address.", replace=True)


def _address_buttons() -> ActionsBlock:
    return block_kit.actions(
        block_kit.button("New address", "calendar.new"), block_kit.button("Switch off", "calendar.off")
    )
