"""The forms of the consortium."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import CheckboxesElement, NumberInputElement, UserSelectElement

from handlers.kit import block_kit
from handlers.kit.block_kit import plain, section
from handlers.kit.text import cut
from handlers.members.rules import MOST_HOURS, NAME, SHARE
from storage.agencies import Agency
from storage.consortia import Consortium
from storage.vocabulary import Rule, Seat


def found(carry: dict[str, Any]) -> dict[str, Any]:
    """Draw the form that founds a consortium."""
    return block_kit.form(
        "Found a consortium",
        "member.found",
        [
            section("You will be its first facilitator: you set things up, and decide nothing by it."),
            block_kit.field("name", "Its name", block_kit.words(most=NAME, placeholder="Northern Valleys")),
        ],
        submit="Found the consortium",
        carry=carry,
    )


def agency(carry: dict[str, Any], name: str = "") -> dict[str, Any]:
    """Draw the form for a new agency."""
    weight = NumberInputElement(action_id="value", is_decimal_allowed=True, initial_value="1", min_value="0")
    return block_kit.form(
        "Add an agency",
        "member.agency",
        [
            block_kit.field("name", "Its name", block_kit.words(initial=cut(name, NAME), most=NAME)),
            block_kit.field(
                "weight",
                "Share of the work",
                weight,
                hint="2 carries twice as much as 1. It never changes an agency's voice.",
            ),
            block_kit.field(
                "domain",
                "E-mail domain",
                block_kit.words(most=120, placeholder="elm.k12.example"),
                optional=True,
                hint="Whoever has such an address joins without asking.",
            ),
        ],
        submit="Add",
        carry=carry,
    )


def place(carry: dict[str, Any], agencies: Sequence[Agency]) -> dict[str, Any]:
    """Draw the form that places a person."""
    seats = [block_kit.choice(seat.value.capitalize(), seat.value) for seat in reversed(Seat)]
    return block_kit.form(
        "Place a person",
        "member.place",
        [
            block_kit.field("person", "Who", UserSelectElement(action_id="value", placeholder=plain("Choose"))),
            block_kit.field("agency", "Agency", block_kit.menu("value", _options(agencies))),
            block_kit.field(
                "seat",
                "As",
                block_kit.menu("value", seats),
                hint="The representative speaks for the agency and is reminded; the alternate stands in.",
            ),
        ],
        carry=carry,
    )


def join(carry: dict[str, Any], agencies: Sequence[Agency]) -> dict[str, Any]:
    """Draw the form with which anyone asks to join."""
    return block_kit.form(
        "Join an agency",
        "member.join",
        [block_kit.field("agency", "Which one do you work with?", block_kit.menu("value", _options(agencies)))],
        submit="Ask to join",
        carry=carry,
    )


def _options(agencies: Sequence[Agency]) -> list[Any]:
    return [block_kit.choice(agency.name, str(agency.id)) for agency in agencies[:100]]


def settings(carry: dict[str, Any], consortium: Consortium) -> dict[str, Any]:
    """Draw the settings."""
    rules = [block_kit.choice(rule.value.capitalize(), rule.value) for rule in Rule if rule is not Rule.SENSE]
    heads = block_kit.choice("Proposals may be decided by a majority of members", "heads")
    return block_kit.form(
        "Settings",
        "member.settings",
        [
            block_kit.field(
                "rule", "Proposals are decided by", block_kit.menu("value", rules, initial=consortium.rule.value)
            ),
            block_kit.field("quorum", "Quorum, in percent", _whole(consortium.quorum, 1, 100)),
            block_kit.field("open_days", "Open for how many days", _whole(consortium.open_days, 1, 90)),
            block_kit.field("talk_days", "Days to talk before positions open", _whole(consortium.talk_days, 0, 60)),
            block_kit.field("quiet_from", "Quiet hours begin", block_kit.words(initial=consortium.quiet_from, most=5)),
            block_kit.field("quiet_until", "Quiet hours end", block_kit.words(initial=consortium.quiet_until, most=5)),
            block_kit.field(
                "heads",
                "Counting heads",
                CheckboxesElement(
                    action_id="value",
                    options=[heads],
                    initial_options=[heads] if consortium.heads_allowed else None,
                ),
                optional=True,
            ),
            block_kit.row(
                block_kit.button("Plan the pulse", "pulse.plan"),
                block_kit.button("Meetings", "meeting.settings"),
                block_kit.button("Balance of work", "member.thresholds"),
            ),
        ],
        carry=carry,
    )


def thresholds(carry: dict[str, Any], consortium: Consortium, currencies: Sequence[str]) -> dict[str, Any]:
    """Draw the settings from which on work counts as too much, and the currency of amounts."""
    hours = NumberInputElement(
        action_id="value",
        is_decimal_allowed=True,
        initial_value=f"{consortium.hours_a_month:g}",
        min_value="0.25",
        max_value=f"{MOST_HOURS:g}",
    )
    least, most = SHARE
    known = [block_kit.choice(code, code) for code in dict.fromkeys((consortium.currency, *currencies))]
    return block_kit.form(
        "Balance of work",
        "member.thresholds",
        [
            block_kit.field(
                "hours",
                "Hours a month of a person who said nothing",
                hours,
                hint="Above them a person is told, privately. Everybody can say their own: /workload hours 8.",
            ),
            block_kit.field(
                "share",
                "An agency carries too much from, in percent of its fair share",
                _whole(consortium.share_limit, least, most),
                hint="150 means half as much again as was agreed.",
            ),
            block_kit.field(
                "currency",
                "Money is counted in",
                block_kit.menu("value", known, initial=consortium.currency),
                hint="Amounts that are recorded already keep their number; nothing is converted.",
            ),
        ],
        carry=carry,
    )


def _whole(initial: int, least: int, most: int) -> NumberInputElement:
    return NumberInputElement(
        action_id="value",
        is_decimal_allowed=False,
        initial_value=str(initial),
        min_value=str(least),
        max_value=str(most),
    )


def table(carry: dict[str, Any]) -> dict[str, Any]:
    """Draw the form that takes agencies and people as CSV."""
    example = "agency,person,role,weight,domain\nElm County Schools,ben@elm.example,representative,2,elm.example"
    return block_kit.form(
        "Import",
        "member.import",
        [
            section(
                "Paste a table as CSV. The first line names the columns: *agency*, and where you like *person* (name "
                "or e-mail), *role* (representative, alternate, member), *weight* and *domain*. One line for each "
                f"person.\n```{example}```"
            ),
            block_kit.field("table", "The table", block_kit.words(most=3000, long=True)),
        ],
        submit="Import",
        carry=carry,
    )
