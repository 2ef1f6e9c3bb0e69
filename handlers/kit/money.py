"""Money as people write it, read as whole cents."""

import re
from decimal import Decimal

from handlers.kit.refusals import Refusal
from handlers.kit.text import cut, escape

CURRENCIES = (
    *("USD", "CAD", "AUD", "MXN", "NZD", "EUR", "GBP", "JPY", "CHF"),
    *("SEK", "NOK", "DKK", "PLN", "CZK", "INR", "CNY", "BRL", "ZAR"),
)

MOST = 10_000_000_000
"""A hundred million, in cents: more is a slip of the finger."""


SIGNS = {"USD": "$", "CAD": "$", "AUD": "$", "MXN": "$", "NZD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


_SPACE = "[\\s\u00a0\u2009\u202f'’_]"


_MARK = re.compile(rf"(?:US|CA|AU|A|C)?[$€£¥₹₱₩]|{'|'.join(CURRENCIES)}")


_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:(?P<mark>[.,])[0-9]{3})(?:(?P=mark)[0-9]{3})*")


def read(typed: str, currency: str, example: str, field: str | None = None) -> int:
    """Read an amount such as `1200`, `$1,200`, `1200.50`, `1.200,50` or `1.5k`, in cents.

    Raises Refusal, with an example of what can be typed, for what is no amount, is none or less, is enormous, has
    fractions of a cent, is in another currency, or can be read in two ways.
    """
    shown = escape(cut(typed, 40))
    text = _close_up(typed.upper())
    mark = _MARK.search(text)
    if mark is not None:
        if not _is_ours(mark[0], currency):
            raise _no(f"Amounts here are in {currency}; I read “{shown}”.", example, field)
        before, after = text[: mark.start()], text[mark.end() :]
        text = before + after if not (before.strip("+-") and after) else text
    thousands = text.endswith("K")
    number = _number(text.removesuffix("K"))
    if number is None:
        raise _no(f"I could not read “{shown}” as an amount of money.", example, field)
    if isinstance(number, str):
        raise _no(f"“{shown}” can be read in two ways: `{number}`, or an amount with three decimals.", example, field)
    return _bounded(number * (1000 if thousands else 1), shown, example, field)


def _close_up(text: str) -> str:
    """Take out the spaces between groups of three digits, and those beside a sign."""
    text = re.sub(rf"(?<=[0-9]){_SPACE}(?=[0-9]{{3}}(?![0-9]))", "", text)
    return re.sub(rf"(?<![0-9]){_SPACE}+|{_SPACE}+(?![0-9])", "", text)


def _is_ours(mark: str, currency: str) -> bool:
    return mark == currency or (mark[-1] == SIGNS.get(currency) and mark[:-1] in {"", currency[:2], currency[:1]})


def _number(text: str) -> Decimal | str | None:
    """Read digits with marks between them; a text where they can mean two things, None where they mean nothing."""
    body = text.removeprefix("-").removeprefix("+")
    sign = -1 if text.startswith("-") else 1
    if len(body) > 30:
        return None
    grouped = _GROUPS.fullmatch(body)
    if grouped and grouped["mark"] == "." and body.count(".") == 1:
        return body.replace(".", "")
    if grouped:
        return sign * Decimal(re.sub("[.,]", "", body))
    found = re.fullmatch(r"(?P<whole>[0-9.,]*?)(?:(?P<point>[.,])(?P<part>[0-9]*))?", body)
    whole = found["whole"] if found else ""
    inner = _GROUPS.fullmatch(whole)
    plain = re.fullmatch("[0-9]*", whole)
    if not found or not (whole or found["part"]) or not (plain or (inner and inner["mark"] != found["point"])):
        return None
    return sign * Decimal(f"{re.sub('[.,]', '', whole) or 0}.{found['part'] or 0}")


def _bounded(number: Decimal, shown: str, example: str, field: str | None) -> int:
    cents = number * 100
    if number <= 0:
        raise _no(f"An amount is more than nothing; I read “{shown}”.", example, field)
    if cents > MOST:
        raise _no(f"“{shown}” is more than a hundred million. Look once more.", example, field)
    if cents % 1:
        raise _no(f"“{shown}” has fractions of a cent; amounts are kept in whole cents.", example, field)
    return int(cents)


def _no(sentence: str, example: str, field: str | None) -> Refusal:
    return Refusal(f"{sentence} For example: {example}", field=field)


def written(cents: int, currency: str) -> str:
    """Write an amount out: "$1,200", "€12.50", "CHF 1,200"."""
    units, rest = divmod(cents, 100)
    figure = f"{units:,}.{rest:02}" if rest else f"{units:,}"
    sign = SIGNS.get(currency)
    return f"{sign}{figure}" if sign else f"{currency} {figure}"


def plain(cents: int) -> str:
    """Write an amount as it would be typed: "1200", "12.50"."""
    units, rest = divmod(cents, 100)
    return f"{units}.{rest:02}" if rest else str(units)
