"""The forms of the consortium."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import CheckboxesElement, NumberInputElement, UserSelectElement

from handlers.kit import block_kit
from handlers.kit.block_kit import plain_text, section, text_sections
from handlers.kit.edits import WAS
from handlers.kit.hours import MOST_HOURS_A_MONTH
from handlers.kit.text import bold, format_zone, truncate
from handlers.members.rules import NAME, OPEN_DAYS, QUORUM, SHARE, TALK_DAYS
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.members import Member
from storage.vocabulary import Rule, Seat


def found(metadata: dict[str, Any]) -> dict[str, Any]:
    """Build the form that founds a consortium."""
    return block_kit.form(
        "Found a consortium",
        "member.found",
        [
            section(
                "You will be its first facilitator, who sets things up. The role gives you no extra say in decisions."
            ),
            block_kit.input_block(
                "name", "Name of the consortium", block_kit.text_input(most=NAME, placeholder="Northern Valleys")
            ),
        ],
        submit="Found the consortium",
        metadata=metadata,
    )


def agency(metadata: dict[str, Any], name: str = "") -> dict[str, Any]:
    """Build the form for a new agency."""
    weight = NumberInputElement(action_id="value", is_decimal_allowed=True, initial_value="1", min_value="0")
    return block_kit.form(
        "Add an agency",
        "member.agency",
        [
            block_kit.input_block(
                "name", "Name of the agency", block_kit.text_input(initial=truncate(name, NAME), most=NAME)
            ),
            block_kit.input_block(
                "weight",
                "Share of the work",
                weight,
                hint="An agency with 2 carries twice as much as one with 1. Its voice in decisions is the same.",
            ),
            block_kit.input_block(
                "domain",
                "Email domain",
                block_kit.text_input(most=120, placeholder="elm.k12.example"),
                optional=True,
                hint="People with an email address in this domain can join without confirmation.",
            ),
        ],
        submit="Add",
        metadata=metadata,
    )


def place(metadata: dict[str, Any], agencies: Sequence[Agency]) -> dict[str, Any]:
    """Build the form that adds a person to an agency."""
    seats = [block_kit.option(seat.value.capitalize(), seat.value) for seat in reversed(Seat)]
    return block_kit.form(
        "Add a person",
        "member.place",
        [
            block_kit.input_block(
                "person", "Person", UserSelectElement(action_id="value", placeholder=plain_text("Choose"))
            ),
            block_kit.input_block("agency", "Agency", block_kit.static_select("value", _options(agencies))),
            block_kit.input_block(
                "seat",
                "Role",
                block_kit.static_select("value", seats),
                hint="The representative speaks for the agency and gets its reminders. The alternate stands in.",
            ),
        ],
        metadata=metadata,
    )


def remove(metadata: dict[str, Any]) -> dict[str, Any]:
    """Build the form in which a facilitator chooses a person to remove."""
    person = UserSelectElement(action_id="value", placeholder=plain_text("Choose"))
    fields = [block_kit.input_block("person", "Person", person, hint="You see what they have before anything changes.")]
    return block_kit.form("Remove a person", "member.remove", fields, submit="Next", metadata=metadata)


def facilitator(metadata: dict[str, Any]) -> dict[str, Any]:
    """Build the form that names a facilitator."""
    person = UserSelectElement(action_id="value", placeholder=plain_text("Choose"))
    hint = "Facilitators set things up and see warnings. The role gives no extra say in decisions."
    fields = [block_kit.input_block("person", "Person", person, hint=hint)]
    return block_kit.form("Name a facilitator", "member.facilitator", fields, submit="Name", metadata=metadata)


def leave(metadata: dict[str, Any], member: Member, lines: Sequence[str], *, own: bool) -> dict[str, Any]:
    """Build the form that asks whether the reader, or somebody else, really leaves. `lines` say what follows."""
    head = "You leave the consortium." if own else f"{bold(member.name)} leaves the consortium, and is told."
    texts = [head, *(f"• {line}" for line in lines)]
    return block_kit.form(
        "Leave" if own else "Remove a person",
        "member.leave",
        text_sections(texts),
        submit="Leave" if own else "Remove",
        close="Stay" if own else "Cancel",
        metadata={**metadata, "member": member.id},
    )


def join(metadata: dict[str, Any], agencies: Sequence[Agency]) -> dict[str, Any]:
    """Build the form with which a person asks to join an agency."""
    return block_kit.form(
        "Join an agency",
        "member.join",
        [
            block_kit.input_block(
                "agency", "Which agency do you work with?", block_kit.static_select("value", _options(agencies))
            )
        ],
        submit="Ask to join",
        metadata=metadata,
    )


def _options(agencies: Sequence[Agency]) -> list[Any]:
    return [block_kit.option(agency.name, str(agency.id)) for agency in agencies[:100]]


def settings(metadata: dict[str, Any], consortium: Consortium) -> dict[str, Any]:
    """Build the form for the settings."""
    rules = [block_kit.option(rule.value.capitalize(), rule.value) for rule in Rule if rule is not Rule.SENSE]
    heads = block_kit.option("A majority of members may decide proposals", "heads")
    return block_kit.form(
        "Settings",
        "member.settings",
        [
            block_kit.input_block("name", "Name", block_kit.text_input(initial=consortium.name, most=NAME)),
            block_kit.input_block(
                "zone",
                "Time zone",
                block_kit.text_input(initial=format_zone(consortium.zone), most=64),
                hint="Dates and days count here where they are the consortium's, for example America/Denver.",
            ),
            block_kit.input_block(
                "rule",
                "Proposals are decided by",
                block_kit.static_select("value", rules, initial=consortium.rule.value),
            ),
            block_kit.input_block("quorum", "Quorum, in percent", _whole_number(consortium.quorum, *QUORUM)),
            block_kit.input_block("open_days", "Days open", _whole_number(consortium.open_days, *OPEN_DAYS)),
            block_kit.input_block(
                "talk_days",
                "Days of discussion before voting opens",
                _whole_number(consortium.talk_days, *TALK_DAYS),
            ),
            block_kit.input_block(
                "quiet_from", "Quiet hours begin", block_kit.text_input(initial=consortium.quiet_from, most=5)
            ),
            block_kit.input_block(
                "quiet_until", "Quiet hours end", block_kit.text_input(initial=consortium.quiet_until, most=5)
            ),
            block_kit.input_block(
                "heads",
                "Majority of members",
                CheckboxesElement(
                    action_id="value",
                    options=[heads],
                    initial_options=[heads] if consortium.heads_allowed else None,
                ),
                optional=True,
            ),
            block_kit.actions(
                block_kit.button("Plan the pulse", "pulse.plan"),
                block_kit.button("Meetings", "meeting.settings"),
                block_kit.button("Balance of work", "member.thresholds"),
            ),
        ],
        metadata={**metadata, WAS: rules_values(consortium)},
    )


def rules_values(consortium: Consortium) -> dict[str, Any]:
    """Return the values of the form for the settings, as JSON."""
    return {
        "name": consortium.name,
        "zone": format_zone(consortium.zone),
        "rule": consortium.rule.value,
        "quorum": consortium.quorum,
        "open_days": consortium.open_days,
        "talk_days": consortium.talk_days,
        "quiet_from": consortium.quiet_from,
        "quiet_until": consortium.quiet_until,
        "heads": consortium.heads_allowed,
    }


def thresholds_values(consortium: Consortium) -> dict[str, Any]:
    """Return the values of the form for the balance of work, as JSON."""
    return {"hours": consortium.hours_a_month, "share": consortium.share_limit, "currency": consortium.currency}


def thresholds(metadata: dict[str, Any], consortium: Consortium, currencies: Sequence[str]) -> dict[str, Any]:
    """Build the form for the balance of work: the thresholds for too much work, and the currency of amounts."""
    hours = NumberInputElement(
        action_id="value",
        is_decimal_allowed=True,
        initial_value=f"{consortium.hours_a_month:g}",
        min_value="0.25",
        max_value=f"{MOST_HOURS_A_MONTH:g}",
    )
    known = [block_kit.option(code, code) for code in dict.fromkeys((consortium.currency, *currencies))]
    return block_kit.form(
        "Balance of work",
        "member.thresholds",
        [
            block_kit.input_block(
                "hours",
                "Default hours a month for each person",
                hours,
                hint="A person with more work is told privately. Everyone can set their own: /workload hours 8.",
            ),
            block_kit.input_block(
                "share",
                "An agency carries too much above this percentage of its fair share",
                _whole_number(consortium.share_limit, *SHARE),
                hint="150 means one and a half times its fair share.",
            ),
            block_kit.input_block(
                "currency",
                "Currency",
                block_kit.static_select("value", known, initial=consortium.currency),
                hint="Amounts that are already recorded keep their number. Nothing is converted.",
            ),
        ],
        metadata={**metadata, WAS: thresholds_values(consortium)},
    )


def _whole_number(initial: int, least: int, most: int) -> NumberInputElement:
    return NumberInputElement(
        action_id="value",
        is_decimal_allowed=False,
        initial_value=str(initial),
        min_value=str(least),
        max_value=str(most),
    )
