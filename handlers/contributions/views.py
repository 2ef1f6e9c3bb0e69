"""What agencies give and gain, as people see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit, lists, money
from handlers.kit.block_kit import context, section
from handlers.kit.hours import effort
from handlers.kit.lists import Page
from handlers.kit.text import bold, counted, cut, day, escape, listed, quote
from storage.agencies import Agency
from storage.contributions import Gain, Given, Sum
from storage.vocabulary import AgencyId, GivenKind

SEEN = "Everybody of the consortium can read it, in `/workload given`."
SEEN_GAINS = "Everybody of the consortium can read it, in `/workload gains`."


@dataclass(frozen=True)
class Line:
    """An entry as one reader sees it: the day is the reader's. `may` says whether the reader can take it back."""

    entry: Given | Gain
    agency: str
    on: date
    may: bool


def gave(given: Given, currency: str, width: int = 300) -> str:
    """Say what was given: "3 h, “Hosted the training”"."""
    return f"{amount(given, currency)}, {quote(given.words, width)}"


def amount(given: Given, currency: str) -> str:
    """Say how much was given: "3 h", "$500", "$200 in kind"."""
    if given.hours is not None:
        return effort(given.hours)
    kind = " in kind" if given.kind is GivenKind.IN_KIND else ""
    return f"{money.written(given.cents or 0, currency)}{kind}"


def recorded(given: Given, agency: str, currency: str) -> str:
    """Answer that a contribution was recorded."""
    return f"Recorded: {bold(agency)} gave {gave(given, currency)}, {day(given.given_on)}. {SEEN}"


def gained(gain: Gain, agency: str) -> str:
    """Answer that a gain was recorded."""
    return f"Recorded: {bold(agency)} gained {quote(gain.words)}. {SEEN_GAINS}"


def sums(given: Sequence[Sum], names: Mapping[AgencyId, Agency], currency: str) -> list[str]:
    """Say by agency what was given: "Elm Schools 12 h, $500, $200 in kind"."""
    made: dict[AgencyId, list[str]] = {}
    for one in sorted(given, key=lambda one: (names[one.agency_id].folded, list(GivenKind).index(one.kind))):
        made.setdefault(one.agency_id, []).append(
            effort(one.hours)
            if one.kind is GivenKind.HOURS
            else f"{money.written(one.cents, currency)}{' in kind' if one.kind is GivenKind.IN_KIND else ''}"
        )
    return [f"{escape(cut(names[agency_id].name, 40))} {', '.join(parts)}" for agency_id, parts in made.items()]


def given_list(page: Page[Line], totals: Sequence[str], currency: str) -> list[Block]:
    """Draw one page of contributions, with what agencies gave in twelve months above it."""
    new = block_kit.button("Record a contribution", "give.form")
    if not page.total:
        return [
            section('Nothing is recorded yet. For example: `/workload give hours:3 "Hosted the training"`'),
            block_kit.row(new),
        ]
    shown = [*totals[:8], *([f"{len(totals) - 8} more"] if len(totals) > 8 else [])]
    top: list[Block] = [section(f"*What agencies gave* · {counted(page.total, 'entry', 'entries')}, newest first")]
    if shown:
        top.append(context(f"In twelve months: {'; '.join(shown)}."))

    def draw(width: int) -> list[Block]:
        return [*top, *_given(page, currency, width), *lists.turning(page, "give.list", new)]

    return lists.fitting(draw)


def _given(page: Page[Line], currency: str, width: int) -> list[Block]:
    made: list[Block] = []
    for line in page.items:
        if isinstance(line.entry, Given):
            text = f"{bold(line.agency, width)} · {amount(line.entry, currency)} · {day(line.on)}"
            button = block_kit.button("Take it back", "give.back", str(line.entry.id)) if line.may else None
            made.append(section(f"{text}\n{quote(line.entry.words, width)}", accessory=button))
    return made


def gain_list(page: Page[Line], silent: Sequence[str]) -> list[Block]:
    """Draw one page of gains; `silent` are the agencies for which none was recorded yet."""
    new = block_kit.button("Record a gain", "gain.form")
    if not page.total:
        return [
            section('Nothing is recorded yet. For example: `/workload gain "Two teachers trained"`'),
            block_kit.row(new),
        ]
    top: list[Block] = [section(f"*What agencies gained* · {counted(page.total, 'entry', 'entries')}, newest first")]
    if silent:
        names = [escape(cut(name, 40)) for name in silent[:8]]
        names += [f"{len(silent) - 8} more"] if len(silent) > 8 else []
        top.append(context(f"Nothing recorded yet for {listed(names)}."))

    def draw(width: int) -> list[Block]:
        return [*top, *_gained(page, width), *lists.turning(page, "gain.list", new)]

    return lists.fitting(draw)


def _gained(page: Page[Line], width: int) -> list[Block]:
    made: list[Block] = []
    for line in page.items:
        text = f"{bold(line.agency, width)} · {day(line.on)}\n{quote(line.entry.words, width)}"
        button = block_kit.button("Take it back", "gain.back", str(line.entry.id)) if line.may else None
        made.append(section(text, accessory=button))
    return made
