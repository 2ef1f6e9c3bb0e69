"""Parse polls and ballots, as people type them and as forms submit them."""

import difflib
import html
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handlers.kit import command_text, dates, quotes
from handlers.kit.callers import Caller
from handlers.kit.payload import parsed
from handlers.kit.refusals import Ambiguous, Reading, Refusal, ambiguous
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, format_time, join_names, sanitize, slack_date, strip_numbering, truncate
from handlers.polls.creation import PollDraft
from handlers.polls.labels import KIND_NAMES
from handlers.polls.rules import MAYBE, NO, YES, Choices
from storage.names import normalize_name
from storage.vocabulary import PollKind, ResultVisibility

KEYS = ("multi", "dots", "hidden")
DATE_KEYS = ("closes",)
FLAGS = {"ranked", "score", "dots", "multi", "anonymous", "hidden", "open", "agencies", "remind"}
DOTS = 5
"""How many dots each person has, unless the poll says otherwise."""

EXAMPLE = 'For example: `/vote "Which week?" "12 Jan" "19 Jan" closes:3d`'
TIME_EXAMPLE = 'For example: `/vote time "When do we meet?" "2026-12-01 14:00" "2026-12-02 09:00"`'

BALLOT_EXAMPLES = {
    PollKind.ONE: "2",
    PollKind.SEVERAL: "1, 2",
    PollKind.RANKED: "2, 1",
    PollKind.SCORE: "1=5 2=3",
    PollKind.DOTS: "1=1",
    PollKind.TIME: "1 yes, 2 maybe",
}

OPTIONS_LISTED = 10
"""How many options a refusal lists."""

_ANSWERS = {
    "yes": YES,
    "y": YES,
    "if need be": MAYBE,
    "need be": MAYBE,
    "maybe": MAYBE,
    "no": NO,
    "n": NO,
}
_ANSWERED_TIME = re.compile(r"(?i)(.+?)[\s=:]+(yes|y|if need be|need be|maybe|no|n)\s*(?:[,;]|$)")
_NUMBERED_OPTION = re.compile(r"\s*([^=,;]+?)\s*=\s*(\d{1,4})(?=[\s,;]|$)[,;]?")

# polls --------------------------------------------------------------------------------------------------


def parse_typed_poll(
    request: SlackRequest, caller: Caller, typed: command_text.CommandText, *, private: bool
) -> PollDraft:
    """Parse a poll typed as one command. Raise Refusal if it cannot be understood."""
    timed = typed.first == "time"
    example = TIME_EXAMPLE if timed else EXAMPLE
    if typed.gaps:
        raise Refusal(f"Two of your quotes have nothing between them. Write the question or choice there. {example}")
    words = typed.words[1:] if timed else typed.words
    flags = [word.folded for word in words if not word.quoted]
    unknown = [flag for flag in flags if flag not in FLAGS]
    texts = [" ".join(word.text.split()) for word in words if word.quoted]
    if unknown:
        raise _unknown_words(request, typed, texts, [word for word in words if not word.quoted], example)
    if timed and len(texts) < 3:
        raise Refusal(f"A time poll needs a question and at least two times. {TIME_EXAMPLE}")
    kind, most = _kind(flags, typed.options, timed=timed, choices=len(texts) - 1)
    options = tuple(texts[1:] if timed else strip_numbering(texts[1:]))
    return PollDraft(
        question=texts[0] if texts else "",
        channel=request.channel,
        options=options,
        closes_at=_closes_at(request, caller, typed.options.get("closes"), example),
        kind=kind,
        most=most,
        starts=_starts(request, caller, options) if timed else (),
        anonymous="anonymous" in flags,
        shows=_shows(flags, typed.options),
        open_options="open" in flags,
        by_agency="agencies" in flags,
        remind="remind" in flags,
        private=private,
    )


def _unknown_words(
    request: SlackRequest,
    typed: command_text.CommandText,
    texts: Sequence[str],
    plain: Sequence[command_text.Word],
    example: str,
) -> Refusal:
    """Return the question whether words outside quotes are choices, or misspelled settings of a poll."""
    unknown = [word for word in plain if word.folded not in FLAGS]
    shown = " ".join(word.text for word in unknown)
    question = f"the question “{escape(truncate(texts[0], 80))}”" if texts else "a new poll"
    sentence = f"I understood {question}, but not “{escape(truncate(shown, 80))}”."
    near = [match for word in unknown for match in difflib.get_close_matches(word.folded, FLAGS, n=1, cutoff=0.75)]
    misspelled = len(texts) > 2 and len(near) == len(unknown)
    choices = [] if misspelled else split_choices(shown, words=typed.first != "time")
    if not misspelled and not (texts and choices and len(texts) + len(choices) > 2):
        return Refusal(f"{sentence} Put each choice in quotes. {example}")
    flags = [*(word.folded for word in plain if word not in unknown), *(near if misspelled else [])]
    said = [quotes.wrap(html.escape(text, quote=False)) for text in (*texts, *choices)]
    options = [f"{key}:{quotes.wrap(html.escape(value, quote=False))}" for key, value in typed.options.items()]
    text = " ".join([*(["time"] if typed.first == "time" else []), *said, *flags, *options])
    meant = (
        join_names([f"“{escape(truncate(choice, 40))}”" for choice in choices]) if choices else f"`{' '.join(near)}`"
    )
    label = "Ask it with these choices" if choices else f"Ask it with {' '.join(near)}"
    if choices and len(texts) > 1:
        more = f"Do you mean {meant} as {'another choice' if len(choices) == 1 else 'more choices'}?"
    else:
        more = f"Are {meant} its choices?" if choices else f"Did you mean {meant}?"
    more += f" Otherwise, put each choice in quotes. {example}"
    return Ambiguous(f"{sentence} {more}", request.text, [Reading(label, text)])


def guess_poll(text: str) -> tuple[str, tuple[str, ...]]:
    """Split a text into a question and its choices, of which there may be none: `Which day? Monday, Friday`."""
    quoted = [text[begin + 1 : quote.close].strip() for begin, quote in quotes.readings(text)[0].items()]
    if len(quoted) > 1:
        return quoted[0], tuple(filter(None, quoted[1:]))
    question, mark, rest = text.partition("?")
    rest = rest.strip(" ?:,-–")
    if not mark or not rest:
        return text, ()
    return f"{question}?".strip(' "“”'), tuple(split_choices(rest, words=rest.istitle()) or [rest])


def split_choices(text: str, *, words: bool) -> Sequence[str]:
    """Split a text into choices at commas, semicolons, slashes, and `or`; with `words`, otherwise into its words.

    None if that is not clear: the words of `12 Jan 19 Jan` belong together.
    """
    if re.search(r"[,;|]|\s/\s|\sor\s", text):
        return list(filter(None, (part.strip() for part in re.split(r"[,;|]|\s/\s|(?:^|\s)or\s", text))))
    single = [word for word in text.split() if word.casefold() not in {"and", "or"}]
    numbers = [word for word in single if word[0].isdecimal()]
    clear = words and len({word.casefold() for word in single}) == len(single) and len(numbers) in {0, len(single)}
    return single if clear else []


def example_of(kind: PollKind) -> str:
    """Return the example of a command that asks a poll of this kind."""
    return TIME_EXAMPLE if kind is PollKind.TIME else EXAMPLE


def _kind(flags: list[str], options: dict[str, str], *, timed: bool, choices: int) -> tuple[PollKind, int]:
    """Return the kind of a poll, and how many choices or dots each person has."""
    kinds = [name for name in ("ranked", "score", "dots", "multi") if name in flags or name in options]
    if len(kinds) + timed > 1:
        raise Refusal(
            f"A poll can have only one kind, and you named {join_names([*(['time'] if timed else []), *kinds])}. "
            f"{example_of(PollKind.TIME if timed else PollKind.ONE)}"
        )
    if timed:
        return PollKind.TIME, 1
    if not kinds:
        return PollKind.ONE, 1
    if kinds[0] == "ranked":
        return PollKind.RANKED, 1
    if kinds[0] == "score":
        return PollKind.SCORE, 1
    limit = options.get(kinds[0], "")
    if limit and not limit.isdecimal():
        raise Refusal(f"`{kinds[0]}:` needs a number, for example `{kinds[0]}:2`. {EXAMPLE}")
    if kinds[0] == "dots":
        return PollKind.DOTS, int(limit[:6] or DOTS)
    return _several(int(limit[:6] or max(2, choices)))


def _several(most: int) -> tuple[PollKind, int]:
    """Return the kind of a poll in which people pick up to so many choices: with one, it is the plain kind."""
    return (PollKind.ONE, 1) if most == 1 else (PollKind.SEVERAL, most)


def _shows(flags: list[str], options: dict[str, str]) -> ResultVisibility:
    if "hidden" in options:
        if options["hidden"].casefold() in {"voted", "vote"}:
            return ResultVisibility.AFTER_VOTE
        if options["hidden"].casefold() not in {"closed", "close", "closing"}:
            raise Refusal(
                "`hidden` hides the counts until the poll closes. `hidden:voted` shows them to those who have voted. "
                'For example: `/vote "Which week?" "12 Jan" "19 Jan" hidden:voted`'
            )
    return ResultVisibility.AT_CLOSE if "hidden" in flags or "hidden" in options else ResultVisibility.AT_ONCE


def _closes_at(request: SlackRequest, caller: Caller, typed: str | None, example: str = EXAMPLE) -> datetime:
    """Parse when a poll closes. Without a date, use the consortium's usual number of days."""
    try:
        return dates.parse_time(
            typed if typed is not None else f"{caller.consortium.open_days}d", request.now, caller.zone
        )
    except Refusal as refusal:
        raise refusal.with_example(example) from None


def _starts(request: SlackRequest, caller: Caller, options: tuple[str, ...]) -> list[datetime]:
    try:
        return [dates.parse_moment(option, request.now, caller.zone) for option in options]
    except Refusal as refusal:
        raise refusal.with_example(TIME_EXAMPLE) from None


def parse_poll_form(request: SlackRequest, caller: Caller, channel: str, *, private: bool) -> PollDraft:
    """Parse the form for a new poll. Raise Refusal if a field cannot be understood."""
    kind = parsed(PollKind, request.selected_value("kind") or PollKind.ONE, "kind")
    options = [" ".join(line.split()) for line in sanitize(request.text_value("choices")).split("\n") if line.strip()]
    if kind is not PollKind.TIME:
        options = strip_numbering(options)
    most = request.text_value("most")
    settings = request.selected_values("options")
    closes = request.selected_datetime("closes")
    closes_at = datetime.fromtimestamp(closes, UTC) if closes else _closes_at(request, caller, None)
    if closes_at <= request.now:
        raise Refusal("That time has passed already. Choose a later one.", field="closes")
    if closes_at > request.now + dates.MAX_AHEAD:
        raise Refusal("That is more than three years away. Choose an earlier time.", field="closes")
    timed = kind is PollKind.TIME
    if most and kind not in {PollKind.SEVERAL, PollKind.DOTS} and (kind, most) != (PollKind.ONE, "1"):
        raise Refusal(
            "This number is for several choices, or for dots to spend. Choose one of these kinds, or leave it empty.",
            field="most",
        )
    default = DOTS if kind is PollKind.DOTS else max(2, len(options))
    limit = int(most) if most.isdecimal() else default
    if kind is PollKind.SEVERAL:
        kind, limit = _several(limit)
    return PollDraft(
        question=" ".join(sanitize(request.text_value("question")).split()),
        channel=channel,
        options=options,
        closes_at=closes_at,
        kind=kind,
        most=limit,
        starts=[parse_time_field(option, request, caller, "choices") for option in options] if timed else [],
        anonymous="anonymous" in settings,
        shows=parsed(ResultVisibility, request.selected_value("shows") or ResultVisibility.AT_ONCE, "shows"),
        open_options="open" in settings,
        by_agency="agencies" in settings,
        remind="remind" in settings,
        private=private,
    )


def parse_time_field(typed: str, request: SlackRequest, caller: Caller, field: str) -> datetime:
    """Parse a date and time from a form. Raise Refusal without formatting, because fields show none."""
    try:
        return dates.parse_moment(typed, request.now, caller.zone)
    except Refusal as refusal:
        raise Refusal(refusal.sentence.replace("`", ""), field=field) from None


# ballots ------------------------------------------------------------------------------------------------


def parse_ballot_form(request: SlackRequest, kind: PollKind, places: list[int]) -> Choices:
    """Parse the form for a ballot. Raise Refusal if it ranks a choice twice."""
    if kind is PollKind.ONE:
        choice = request.selected_number("choice")
        return {} if choice is None else {choice: 1}
    if kind is PollKind.SEVERAL:
        return dict.fromkeys(request.selected_numbers("choices"), 1)
    if kind is PollKind.RANKED:
        chosen = [request.selected_number(f"rank.{rank}") for rank in range(1, len(places) + 1)]
        ranked = [place for place in chosen if place is not None]
        if len(set(ranked)) < len(ranked):
            raise Refusal("You ranked a choice twice. Rank each choice once.")
        return {place: rank for rank, place in enumerate(ranked, start=1)}
    value_of = request.selected_value if kind is PollKind.TIME else request.text_value
    values = {place: value_of(f"option.{place}") for place in places}
    return {place: int(value) for place, value in values.items() if value.isdecimal()}


class Times(NamedTuple):
    """The options of a time poll, and what a person who types a time means by it."""

    starts: Mapping[int, datetime]
    zone: str
    now: datetime


def parse_typed_ballot(
    kind: PollKind, number: int, options: Mapping[int, str], typed: str, times: Times | None = None
) -> dict[int, int]:
    """Parse a ballot that names options by number or label. Raise Refusal if it cannot be understood.

    In a time poll, `times` are given. A time that is typed is one of the person's own zone, whatever the author typed.
    """
    find = _time_finder(number, times) if times is not None else _option_finder(kind, number, options)
    typed = " ".join(typed.split())
    try:
        return _parse_ballot(kind, number, options, typed, find)
    except Ambiguous as question:
        raise question.within(typed) from None


def _parse_ballot(
    kind: PollKind, number: int, options: Mapping[int, str], typed: str, find: Callable[[str], int]
) -> dict[int, int]:
    if not typed.strip(" ,;>"):
        raise Refusal(f"Name a choice by its number or its words. {_ballot_example(kind, number)}")
    if kind in {PollKind.SCORE, PollKind.DOTS}:
        return _parse_numbered(kind, number, typed, find)
    if kind is PollKind.TIME:
        return _parse_answers(number, typed, find)
    places = _parse_places(typed, options, find)
    if len(set(places)) < len(places):
        raise _named_twice(kind, number)
    if kind is PollKind.RANKED:
        return {place: rank for rank, place in enumerate(places, start=1)}
    return dict.fromkeys(places, 1)


def _parse_numbered(kind: PollKind, number: int, typed: str, find: Callable[[str], int]) -> dict[int, int]:
    """Parse points or dots: `2=5 3=1`, or by label `12 Jan=5, 19 Jan=1`."""
    ballot: dict[int, int] = {}
    pairs = _NUMBERED_OPTION.findall(typed)
    rest = _NUMBERED_OPTION.sub("", typed).strip()
    if not pairs or rest:
        raise Refusal(
            f"I could not read “{escape(truncate(typed, 60))}” as {KIND_NAMES[kind]}. {_ballot_example(kind, number)}"
        )
    for option, count in pairs:
        place = find(option)
        if place in ballot:
            raise _named_twice(kind, number)
        ballot[place] = int(count)
    return ballot


def _parse_answers(number: int, typed: str, find: Callable[[str], int]) -> dict[int, int]:
    """Parse answers to times: `1 yes, 2 maybe, 3 no`."""
    ballot: dict[int, int] = {}
    rest = typed.lstrip(" ,;")
    while rest:
        # a written time may have commas, so that only an answer ends it
        answered = _ANSWERED_TIME.match(rest)
        if not answered:
            raise Refusal(
                f"Write yes, maybe or no after “{escape(truncate(rest, 60))}”. {_ballot_example(PollKind.TIME, number)}"
            )
        rest = rest[answered.end() :].lstrip(" ,;")
        place = find(answered[1])
        if place in ballot:
            raise _named_twice(PollKind.TIME, number)
        ballot[place] = _ANSWERS[answered[2].casefold()]
    return ballot


def _parse_places(typed: str, options: Mapping[int, str], find: Callable[[str], int]) -> list[int]:
    """Parse options separated by commas, semicolons or arrows. Numbers need only spaces between them."""
    if normalize_name(typed) in map(normalize_name, options.values()):
        return [find(typed)]
    if re.search(r"[,>;]", typed):
        return [find(part) for part in _split(typed, r"[,>;]")]
    if re.fullmatch(r"#?\d+(\s+#?\d+)+", typed):
        return [find(word) for word in typed.split()]
    return [find(typed)]


def _split(text: str, separator: str) -> Sequence[str]:
    return [part.strip() for part in re.split(separator, text) if part.strip()]


def _option_finder(kind: PollKind, number: int, options: Mapping[int, str]) -> Callable[[str], int]:
    """Return the function that finds the place of an option by its exact label, otherwise by its number."""

    def find(word: str) -> int:
        wanted = normalize_name(word)
        if re.fullmatch(r"#\d{1,4}", wanted) and int(wanted[1:]) in options:
            return int(wanted[1:])
        by_label = [place for place, label in options.items() if normalize_name(label) == wanted]
        digits = re.fullmatch(r"#?(\d{1,4})\.?", wanted)
        by_number = int(digits[1]) if digits and int(digits[1]) in options else None
        if by_label and by_number is not None and by_number not in by_label:
            raise ambiguous(
                word,
                [
                    Reading(f"choice {place}: {_quoted_label(options[place])}", f"#{place}")
                    for place in (by_label[0], by_number)
                ],
            )
        if len(by_label) > 1:
            raise Refusal(
                f"Choices {join_names([str(place) for place in by_label])} look the same: {_quoted_label(word)}. Which "
                f"one? Write its number, for example: `/vote {number} #{by_label[0]}`"
            )
        if by_label:
            return by_label[0]
        if by_number is not None:
            return by_number
        bare = [place for place, label in options.items() if _bare(label) == _bare(word)]
        if len(bare) == 1:
            return bare[0]
        listing = ", ".join(
            f"{place} {_quoted_label(label)}" for place, label in list(options.items())[:OPTIONS_LISTED]
        )
        more = " and more" if len(options) > OPTIONS_LISTED else ""
        problem = f"“{escape(truncate(word, 60))}” is not one of the choices: {listing}{more}."
        near = _nearest_labels(word, options)
        if near:
            readings = [Reading(f"{place}: {truncate(options[place], 60)}", f"#{place}") for place in near]
            meant = join_names([f"{place} {_quoted_label(options[place])}" for place in near], last="or")
            raise Ambiguous(f"{problem} Did you mean {meant}?", word, readings)
        raise Refusal(f"{problem} {_ballot_example(kind, number)}")

    return find


def _bare(text: str) -> str:
    """Return a label without the marks at its end, so that “Pizza!” names “Pizza”. Empty if nothing else is there."""
    return normalize_name(text).rstrip(" .,!?")


def _nearest_labels(word: str, options: Mapping[int, str]) -> list[int]:
    """Return the places of the options, at most three, whose labels are spelled like a word or begin with it."""
    wanted = normalize_name(word)
    labels = {place: normalize_name(label) for place, label in options.items()}
    near = difflib.get_close_matches(wanted, labels.values(), n=3, cutoff=0.7)
    begin = [label for label in labels.values() if len(wanted) > 2 and label.startswith(wanted)]
    return [place for place, label in labels.items() if label in {*near, *begin}][:3]


def _time_finder(number: int, times: Times) -> Callable[[str], int]:
    """Return the function that finds the place of a time by its number, or by a time in the person's own zone."""

    def find(word: str) -> int:
        digits = re.fullmatch(r"#?(\d{1,4})\.?", word.strip())
        if digits and int(digits[1]) in times.starts:
            return int(digits[1])
        fitting = [] if digits else _places_at(word, times)
        if len(fitting) > 1:
            raise ambiguous(
                word, [Reading(format_time(times.starts[place], times.zone), f"#{place}") for place in fitting]
            )
        if fitting:
            return fitting[0]
        shown = list(times.starts.items())[:OPTIONS_LISTED]
        listing = ", ".join(f"{place} is {slack_date(start, times.zone)}" for place, start in shown)
        more = " and more" if len(times.starts) > OPTIONS_LISTED else ""
        raise Refusal(
            f"“{escape(truncate(word, 60))}” is not one of the times. In your time zone, {listing}{more}. "
            f"{_ballot_example(PollKind.TIME, number)}"
        )

    return find


def _places_at(word: str, times: Times) -> list[int]:
    """Return the places of the times that a person may mean; a day alone means every time on it.

    Raise Ambiguous if none of the options tells which of several readings is meant.
    """
    try:
        at = dates.parse_time(word, times.now, times.zone, begin=True)
    except Ambiguous as question:
        fitting = {place for reading in question.readings for place in _places_of_reading(reading.text, times)}
        if len(fitting) == 1:
            return [*fitting]
        raise
    except Refusal:
        return []
    if dates.times_of_day(word):
        return [place for place, start in times.starts.items() if start == at]
    zone = ZoneInfo(times.zone)
    return [
        place for place, start in times.starts.items() if start.astimezone(zone).date() == at.astimezone(zone).date()
    ]


def _places_of_reading(text: str, times: Times) -> list[int]:
    try:
        return _places_at(text, times)
    except Ambiguous:
        return []


def _quoted_label(label: str) -> str:
    return f"“{escape(truncate(label, 40))}”"


def _named_twice(kind: PollKind, number: int) -> Refusal:
    return Refusal(f"You named a choice twice. {_ballot_example(kind, number)}")


def _ballot_example(kind: PollKind, number: int) -> str:
    return f"For example: `/vote {number} {BALLOT_EXAMPLES[kind]}`"
