"""Parse and format amounts of money, in whole cents."""

import re
from decimal import Decimal

from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, truncate

CURRENCIES = (
    *("USD", "CAD", "AUD", "MXN", "NZD", "EUR", "GBP", "JPY", "CHF"),
    *("SEK", "NOK", "DKK", "PLN", "CZK", "INR", "CNY", "BRL", "ZAR"),
)

MAX_CENTS = 10_000_000_000
"""A hundred million, in cents. A larger amount is a typing error."""

SIGNS = {"USD": "$", "CAD": "$", "AUD": "$", "MXN": "$", "NZD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}

_SPACE = "[\\s\u00a0\u2009\u202f'’_]"

_MARK = re.compile(rf"(?:US|CA|AU|A|C)?[$€£¥₹₱₩]|{'|'.join(CURRENCIES)}")

_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:(?P<mark>[.,])[0-9]{3})(?:(?P=mark)[0-9]{3})*")


def parse_amount(typed: str, currency: str, example: str, field: str | None = None) -> int:
    """Parse an amount such as `1200`, `$1,200`, `1200.50`, `1.200,50` or `1.5k` into cents.

    Raise Refusal, with an example of what can be typed, if the text is not an amount, or if the amount is ambiguous,
    not positive, enormous, in another currency, or has fractions of a cent.
    """
    shown = escape(truncate(typed, 40))
    text = _close_up(typed.upper())
    mark = _MARK.search(text)
    if mark is not None:
        if not _is_ours(mark[0], currency):
            raise _refusal(f"Amounts here are in {currency}, so I cannot use “{shown}”.", example, field)
        before, after = text[: mark.start()], text[mark.end() :]
        text = before + after if not (before.strip("+-") and after) else text
    thousands = text.endswith("K")
    number = _number(text.removesuffix("K"))
    if number is None:
        raise _refusal(f"I could not read “{shown}” as an amount of money.", example, field)
    if isinstance(number, str):
        raise _refusal(f"“{shown}” could mean `{number}` or an amount with three decimals.", example, field)
    return _whole_cents(number * (1000 if thousands else 1), shown, example, field)


def _close_up(text: str) -> str:
    """Remove spaces between groups of three digits and beside a currency sign."""
    text = re.sub(rf"(?<=[0-9]){_SPACE}(?=[0-9]{{3}}(?![0-9]))", "", text)
    return re.sub(rf"(?<![0-9]){_SPACE}+|{_SPACE}+(?![0-9])", "", text)


def _is_ours(mark: str, currency: str) -> bool:
    return mark == currency or (mark[-1] == SIGNS.get(currency) and mark[:-1] in {"", currency[:2], currency[:1]})


def _number(text: str) -> Decimal | str | None:
    """Parse digits and separators. Return a string if they are ambiguous, None if they are not a number."""
    body = text.removeprefix("-").removeprefix("+")
    sign = -1 if text.startswith("-") else 1
    if len(body) > 30:
        return None
    grouped = _GROUPS.fullmatch(body)
    if grouped and grouped["mark"] == "." and body.count(".") == 1:
        return body.replace(".", "")
    if grouped:
        return sign * Decimal(re.sub("[.,]", "", body))
    match = re.fullmatch(r"(?P<whole>[0-9.,]*?)(?:(?P<point>[.,])(?P<part>[0-9]*))?", body)
    whole = match["whole"] if match else ""
    inner = _GROUPS.fullmatch(whole)
    plain = re.fullmatch("[0-9]*", whole)
    if not match or not (whole or match["part"]) or not (plain or (inner and inner["mark"] != match["point"])):
        return None
    return sign * Decimal(f"{re.sub('[.,]', '', whole) or 0}.{match['part'] or 0}")


def _whole_cents(number: Decimal, shown: str, example: str, field: str | None) -> int:
    cents = number * 100
    if number <= 0:
        raise _refusal(f"An amount must be greater than zero, so I cannot use “{shown}”.", example, field)
    if cents > MAX_CENTS:
        raise _refusal(f"“{shown}” is more than a hundred million. Please check the amount.", example, field)
    if cents % 1:
        raise _refusal(f"“{shown}” has fractions of a cent. Amounts are in whole cents.", example, field)
    return int(cents)


def _refusal(sentence: str, example: str, field: str | None) -> Refusal:
    return Refusal(f"{sentence} For example: {example}", field=field)


def format_amount(cents: int, currency: str) -> str:
    """Format an amount with its currency: "$1,200", "€12.50", "CHF 1,200"."""
    units, rest = divmod(cents, 100)
    number = f"{units:,}.{rest:02}" if rest else f"{units:,}"
    sign = SIGNS.get(currency)
    return f"{sign}{number}" if sign else f"{currency} {number}"


def format_amount_for_input(cents: int) -> str:
    """Format an amount as people type it: "1200", "12.50"."""
    units, rest = divmod(cents, 100)
    return f"{units}.{rest:02}" if rest else str(units)
