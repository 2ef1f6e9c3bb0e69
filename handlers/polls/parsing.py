"""What was typed or filled in, read as a poll or a ballot."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from handlers.kit import command_text, dates
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean, cut, escape
from handlers.polls.creation import PollDraft
from handlers.polls.labels import KIND_NAMES
from handlers.polls.rules import MAYBE, NO, YES, Choices
from storage.vocabulary import PollKind, Shows

KEYS = ("multi", "dots", "hidden")
DATED = ("closes",)
FLAGS = {"ranked", "score", "dots", "multi", "anonymous", "hidden", "open", "agencies", "remind"}
DOTS = 5

EXAMPLE = 'For example: `/vote "Which week?" "12 Jan" "19 Jan" closes:3d`'
TIME_EXAMPLE = 'For example: `/vote time "When do we meet?" "2026-12-01 14:00" "2026-12-02 09:00"`'


def typed_poll(request: SlackRequest, caller: Caller, typed: command_text.Typed, *, private: bool) -> PollDraft:
    """Read a poll typed at once. Raises Refusal."""
    timed = typed.first == "time"
    if typed.gaps:
        raise Refusal(
            "There is nothing between two quotes, and the question and each choice need words. "
            f"{TIME_EXAMPLE if timed else EXAMPLE}"
        )
    given = typed.words[1:] if timed else typed.words
    flags = [word.folded for word in given if not word.quoted]
    unknown = [flag for flag in flags if flag not in FLAGS]
    texts = [" ".join(word.text.split()) for word in given if word.quoted]
    if unknown:
        raise Refusal(
            f"I understood the question “{escape(cut(texts[0] if texts else '', 80))}”, but not "
            f"“{escape(cut(' '.join(unknown), 80))}”. Choices stand in quotes. {TIME_EXAMPLE if timed else EXAMPLE}"
        )
    if timed and len(texts) < 3:
        raise Refusal(f"A time poll needs a question and at least two times. {TIME_EXAMPLE}")
    kind, most = _kind(flags, typed.options, timed=timed, choices=len(texts) - 1)
    options = tuple(texts[1:])
    return PollDraft(
        question=texts[0] if texts else "",
        channel=request.channel,
        options=options,
        closes_at=_closes(request, caller, typed.options.get("closes")),
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


def _kind(flags: list[str], options: dict[str, str], *, timed: bool, choices: int) -> tuple[PollKind, int]:
    named = [name for name in ("ranked", "score", "dots", "multi") if name in flags or name in options]
    if len(named) + timed > 1:
        raise Refusal(
            f"A poll is of one kind; I read {' and '.join([*(['time'] if timed else []), *named])}. {EXAMPLE}"
        )
    if timed:
        return PollKind.TIME, 1
    if not named:
        return PollKind.ONE, 1
    if named[0] == "ranked":
        return PollKind.RANKED, 1
    if named[0] == "score":
        return PollKind.SCORE, 1
    given = options.get(named[0], "")
    if given and not given.isdecimal():
        raise Refusal(f"`{named[0]}:` takes a number, for example `{named[0]}:2`. {EXAMPLE}")
    if named[0] == "dots":
        return PollKind.DOTS, int(given[:6] or DOTS)
    return PollKind.SEVERAL, int(given[:6] or max(1, choices))


def _shows(flags: list[str], options: dict[str, str]) -> Shows:
    if "hidden" in options:
        if options["hidden"].casefold() in {"voted", "vote"}:
            return Shows.AFTER_VOTE
        if options["hidden"].casefold() not in {"closed", "close", "closing"}:
            raise Refusal(
                "`hidden` hides counts until the poll closes, `hidden:voted` until one has voted. "
                'For example: `/vote "Which week?" "12 Jan" "19 Jan" hidden:voted`'
            )
    return Shows.AT_CLOSE if "hidden" in flags or "hidden" in options else Shows.AT_ONCE


def _closes(request: SlackRequest, caller: Caller, typed: str | None) -> datetime:
    try:
        return dates.read(typed if typed is not None else f"{caller.consortium.open_days}d", request.now, caller.zone)
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} {EXAMPLE}") from None


def _starts(request: SlackRequest, caller: Caller, options: tuple[str, ...]) -> list[datetime]:
    try:
        return [dates.read(option, request.now, caller.zone) for option in options]
    except Refusal as refusal:
        raise Refusal(f"{refusal.sentence} {TIME_EXAMPLE}") from None


def written_poll(request: SlackRequest, caller: Caller, *, private: bool) -> PollDraft:
    """Read a poll from the form. Raises Refusal."""
    kind = PollKind(request.chosen("kind") or PollKind.ONE)
    options = tuple(" ".join(line.split()) for line in clean(request.written("choices")).split("\n") if line.strip())
    most = request.written("most")
    also = request.ticked("options")
    closes = request.moment_chosen("closes")
    closes_at = datetime.fromtimestamp(closes, UTC) if closes else _closes(request, caller, None)
    if closes_at <= request.now:
        raise Refusal("That has passed already. Choose a later time.", field="closes")
    if closes_at > request.now + dates.FARTHEST:
        raise Refusal("That is more than three years away. Choose an earlier time.", field="closes")
    starts = [moment_at(option, request, caller, "choices") for option in options] if kind is PollKind.TIME else []
    unlimited = DOTS if kind is PollKind.DOTS else max(1, len(options))
    return PollDraft(
        question=" ".join(clean(request.written("question")).split()),
        channel=request.channel,
        options=options,
        closes_at=closes_at,
        kind=kind,
        most=int(most) if most.isdecimal() else unlimited,
        starts=starts,
        anonymous="anonymous" in also,
        shows=Shows(request.chosen("shows") or Shows.AT_ONCE),
        open_options="open" in also,
        by_agency="agencies" in also,
        remind="remind" in also,
        private=private,
    )


def moment_at(typed: str, request: SlackRequest, caller: Caller, field: str) -> datetime:
    """Read a moment written into a form. Raises Refusal, in plain words, as the field shows them."""
    try:
        return dates.read(typed, request.now, caller.zone)
    except Refusal as refusal:
        raise Refusal(refusal.sentence.replace("`", ""), field=field) from None


def ballot(request: SlackRequest, kind: PollKind, places: list[int]) -> Choices:
    """Read a ballot from the form. Raises Refusal."""
    if kind is PollKind.ONE:
        return {int(request.chosen("choice")): 1} if request.chosen("choice") else {}
    if kind is PollKind.SEVERAL:
        return {int(value): 1 for value in request.ticked("choices")}
    if kind is PollKind.RANKED:
        ranked = [
            int(request.chosen(f"rank.{rank}")) for rank in range(1, len(places) + 1) if request.chosen(f"rank.{rank}")
        ]
        if len(set(ranked)) < len(ranked):
            raise Refusal("One choice stands there twice.")
        return {place: rank for rank, place in enumerate(ranked, start=1)}
    read = request.chosen if kind is PollKind.TIME else request.written
    given = {place: read(f"option.{place}") for place in places}
    return {place: int(value) for place, value in given.items() if value.isdecimal()}


_TIME_WORDS = {
    "yes": YES,
    "y": YES,
    "if need be": MAYBE,
    "need be": MAYBE,
    "maybe": MAYBE,
    "no": NO,
    "n": NO,
}


BALLOT_EXAMPLES = {
    PollKind.ONE: "2",
    PollKind.SEVERAL: "1, 2",
    PollKind.RANKED: "2, 1",
    PollKind.SCORE: "1=5 2=3",
    PollKind.DOTS: "1=3 2=2",
    PollKind.TIME: "1 yes, 2 maybe",
}


def read_ballot(kind: PollKind, number: int, options: Mapping[int, str], typed: str) -> dict[int, int]:
    """Read a ballot by the options' numbers or words. Raises Refusal where it cannot be read."""
    find = _option_finder(kind, number, options)
    typed = " ".join(typed.split())
    if not typed.strip(" ,;>"):
        raise Refusal(f"A vote names a choice, by its number or its words. {_ballot_example(kind, number)}")
    if kind in {PollKind.SCORE, PollKind.DOTS}:
        return _pairs(kind, number, typed, find)
    if kind is PollKind.TIME:
        return _times(number, typed, find)
    places = _places(typed, options, find)
    if len(set(places)) < len(places):
        raise Refusal(f"One choice stands there twice. {_ballot_example(kind, number)}")
    if kind is PollKind.RANKED:
        return {place: rank for rank, place in enumerate(places, start=1)}
    return dict.fromkeys(places, 1)


def _ballot_example(kind: PollKind, number: int) -> str:
    return f"For example: `/vote {number} {BALLOT_EXAMPLES[kind]}`"


def _option_finder(kind: PollKind, number: int, options: Mapping[int, str]) -> Callable[[str], int]:
    """Make the function that finds an option by its exact words, else by its number."""

    def find(word: str) -> int:
        folded = " ".join(word.split()).casefold()
        if re.fullmatch(r"#\d{1,4}", folded) and int(folded[1:]) in options:
            return int(folded[1:])
        by_words = [place for place, label in options.items() if " ".join(label.split()).casefold() == folded]
        found = re.fullmatch(r"#?(\d{1,4})\.?", folded)
        by_number = int(found[1]) if found and int(found[1]) in options else None
        if by_words and by_number is not None and by_number not in by_words:
            raise Refusal(
                f"“{escape(word)}” is choice {by_words[0]} by its words, and choice {by_number} is "
                f"{_shown_label(options[by_number])}. Which one? Write `#{by_words[0]}` or `#{by_number}`, "
                f"for example: `/vote {number} #{by_number}`"
            )
        if by_words:
            return by_words[0]
        if by_number is not None:
            return by_number
        listing = ", ".join(f"{place} {_shown_label(label)}" for place, label in list(options.items())[:10])
        raise Refusal(f"“{escape(cut(word, 60))}” is not among the choices: {listing}. {_ballot_example(kind, number)}")

    return find


def _shown_label(label: str) -> str:
    return f"“{escape(cut(label, 40))}”"


def _places(typed: str, options: Mapping[int, str], find: Callable[[str], int]) -> list[int]:
    text = typed
    labels = {" ".join(label.split()).casefold() for label in options.values()}
    if text.casefold() in labels or not re.search(r"[,>;]", text):
        if re.fullmatch(r"#?\d+(\s+#?\d+)+", text) and text.casefold() not in labels:
            return [find(word) for word in text.split()]
        return [find(text)]
    return [find(part) for part in _parts(text, r"[,>;]")]


def _parts(text: str, separator: str) -> Sequence[str]:
    return [part.strip() for part in re.split(separator, text) if part.strip()]


def _pairs(kind: PollKind, number: int, typed: str, find: Callable[[str], int]) -> dict[int, int]:
    """Read `2=5 3=1`, with words too: `12 Jan=5, 19 Jan=1`."""
    ballot: dict[int, int] = {}
    found = re.findall(r"\s*([^=,;]+?)\s*=\s*(\d{1,4})(?=[\s,;]|$)[,;]?", typed)
    rest = re.sub(r"\s*([^=,;]+?)\s*=\s*(\d{1,4})(?=[\s,;]|$)[,;]?", "", typed).strip()
    if not found or rest:
        shown = f"“{escape(cut(typed, 60))}” " if typed.strip() else "That "
        raise Refusal(f"{shown}cannot be read as {KIND_NAMES[kind]}. {_ballot_example(kind, number)}")
    for word, points in found:
        place = find(word)
        if place in ballot:
            raise Refusal(f"One choice stands there twice. {_ballot_example(kind, number)}")
        ballot[place] = int(points)
    return ballot


def _times(number: int, typed: str, find: Callable[[str], int]) -> dict[int, int]:
    """Read `1 yes, 2 maybe, 3 no`."""
    ballot: dict[int, int] = {}
    for part in _parts(typed, r"[,;]"):
        said = re.fullmatch(r"(?i)(.+?)[\s=:]+(yes|y|if need be|need be|maybe|no|n)", part)
        if not said:
            raise Refusal(
                f"“{escape(cut(part, 60))}” needs yes, maybe or no behind it. {_ballot_example(PollKind.TIME, number)}"
            )
        place = find(said[1])
        if place in ballot:
            raise Refusal(f"One choice stands there twice. {_ballot_example(PollKind.TIME, number)}")
        ballot[place] = _TIME_WORDS[said[2].casefold()]
    return ballot
