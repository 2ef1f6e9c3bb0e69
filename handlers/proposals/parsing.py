"""Parse typed commands and submitted forms into proposals and positions."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handlers.kit import dates, quotes
from handlers.kit.callers import Caller
from handlers.kit.command_text import CommandText, Word, unwrap
from handlers.kit.payload import parsed
from handlers.kit.refusals import Ambiguous, Reading, Refusal, RefusalButton
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, sanitize, truncate
from handlers.proposals.creation import ProposalDraft
from handlers.proposals.labels import STANCE_BUTTONS, STANCE_LABELS, STANCE_MEANINGS
from handlers.proposals.lookup import wording_value
from handlers.proposals.rules import STANCES_WITH_REASON, stances
from storage.vocabulary import Rule, Stance

KEYS = ("why", "rule", "quorum", "text")
DATED_KEYS = ("closes", "talk", "review")

EXAMPLE = 'For example: `/propose now "Adopt the shared calendar" why:"One calendar for all schools" closes:7d`'

_TYPED = {
    Stance.AGREE: ("agree",),
    Stance.RESERVATIONS: ("agree with reservations", "with reservations", "reservations", "reservation"),
    Stance.ASIDE: ("stand aside", "aside"),
    Stance.BLOCK: ("block",),
    Stance.ABSTAIN: ("abstain",),
    Stance.YES: ("yes",),
    Stance.YES_RESERVATIONS: (
        "yes with reservations",
        "with reservations",
        "yes reservations",
        "reservations",
        "reservation",
    ),
    Stance.NO: ("no",),
    **{stance: (stance.value, STANCE_LABELS[stance].casefold()) for stance in stances(Rule.SENSE)},
}
"""Words that people type for each position."""

_FOR = ("agreed", "approve", "approved", "aye", "fine", "for", "in favor", "ok", "okay", "sure", "support", "yes", "y")
_AGAINST = ("against", "disagree", "nay", "no", "nope", "object", "oppose", "opposed", "reject", "veto", "n")
_NEITHER = ("maybe", "neutral", "pass", "skip", "undecided", "unsure")
_IN_OTHER_WORDS = {
    Stance.AGREE: _FOR,
    Stance.RESERVATIONS: (*_FOR, "concern", "concerns", "mostly", "doubts"),
    Stance.ASIDE: (*_AGAINST, "step aside"),
    Stance.BLOCK: _AGAINST,
    Stance.ABSTAIN: _NEITHER,
    Stance.YES: (*_FOR, "agree"),
    Stance.YES_RESERVATIONS: (*_FOR, "agree", "agree with reservations", "concern", "concerns", "mostly", "doubts"),
    Stance.NO: (*_AGAINST, "block", "aside", "stand aside"),
}
"""Words that are no position under a rule, and the positions that people who type them may mean."""

_BEFORE_REASON = ("abstain", "agree", "agreed", "aside", "block", "no", "ok", "reservations", "stand aside", "yes")
"""Words that are positions too if more words follow."""

_WITH_RESERVATIONS = {Stance.AGREE: Stance.RESERVATIONS, Stance.YES: Stance.YES_RESERVATIONS}
_CLOSING_MARKS = " .!"


# proposals -----------------------------------------------------------------------------------------------


def typed_draft(request: SlackRequest, caller: Caller, typed: CommandText, *, private: bool) -> ProposalDraft:
    """Parse a typed proposal. Raise Refusal if it cannot be read completely."""
    if typed.gaps:
        raise Refusal(f"There is nothing between the quotes. A proposal needs a title. {EXAMPLE}")
    _check_all_read(typed.words[1].text, typed.words[2:])
    return _draft(request, caller, typed, typed.words[1].text, private=private)


def form_draft(request: SlackRequest, caller: Caller, typed: CommandText) -> ProposalDraft:
    """Parse what was typed for the form: the title, perhaps with options.

    Without quotes, what cannot be read belongs to the title. Raise Ambiguous where something follows a quoted title.
    """
    if typed.words and typed.words[0].quoted:
        return _quoted_draft(request, caller, typed)
    title = typed.after(0)
    if typed.options and title:
        try:
            return _draft(request, caller, typed, title, private=False)
        except Ambiguous:
            raise
        except Refusal:
            pass
    return ProposalDraft(title=" ".join(unwrap(request.text).split()), channel=request.channel)


def _quoted_draft(request: SlackRequest, caller: Caller, typed: CommandText) -> ProposalDraft:
    """Parse a quoted title with options. If the rest cannot be read, ask whether it belongs to the title."""
    title = typed.words[0].text
    try:
        _check_all_read(title, typed.words[1:])
        return _draft(request, caller, typed, title, private=False)
    except Ambiguous:
        raise
    except Refusal as refusal:
        readings = [
            Reading("Open the form with this title", quotes.wrap(title)),
            Reading("All of it is the title", quotes.wrap(request.text.strip())),
        ]
        raise Ambiguous(refusal.sentence, request.text, readings) from None


def _check_all_read(title: str, unread: Sequence[Word]) -> None:
    """Raise Refusal if words follow a title that nothing could read."""
    if unread:
        rest = escape(" ".join(word.text for word in unread)[:80])
        raise Refusal(f"I understood the title “{escape(title[:80])}”, but not “{rest}”. {EXAMPLE}")


def typed_body(typed: CommandText) -> str:
    """Return the text of a typed proposal."""
    return typed.options.get("why") or typed.options.get("text") or ""


def _draft(request: SlackRequest, caller: Caller, typed: CommandText, title: str, *, private: bool) -> ProposalDraft:
    """Parse the options of a typed proposal with this title."""
    options = typed.options
    zone = caller.zone
    closes = options.get("closes")
    talk = dates.parse_duration(options["talk"]) if "talk" in options else None
    if "talk" in options and talk is None:
        talk = dates.parse_time(options["talk"], request.now, zone) - request.now
    open_for = dates.parse_duration(closes) if closes is not None else None
    quorum = options.get("quorum", "").rstrip("% ")
    if "quorum" in options and not quorum.isdecimal():
        raise Refusal(
            f"A quorum is a percentage. For example: `quorum:60`. I cannot read “{escape(quorum[:40])}” as one."
        )
    return ProposalDraft(
        title=" ".join(title.split()),
        channel=request.channel,
        body=typed_body(typed),
        rule=read_rule(options["rule"]) if "rule" in options else None,
        quorum=int(quorum[:6]) if quorum else None,
        closes_at=dates.parse_time(closes, request.now, zone) if closes is not None and open_for is None else None,
        open_for=_positive(open_for, "closes:7d"),
        talk=_positive(talk, "talk:3d"),
        review_on=dates.parse_future_day(options["review"], request.now, zone) if "review" in options else None,
        private=private,
    )


def _positive(span: timedelta | None, example: str) -> timedelta | None:
    if span is not None and not timedelta() < span <= dates.MAX_AHEAD:
        raise Refusal(f"That time is too short or too long. For example: `{example}`")
    return span


def submitted_draft(request: SlackRequest, channel: str, *, private: bool) -> ProposalDraft:
    """Parse the form for a new proposal. Raise Refusal if a date has passed."""
    closes = request.selected_datetime("closes")
    closes_at = datetime.fromtimestamp(closes, UTC) if closes else None
    if closes_at is not None and closes_at <= request.now:
        raise Refusal("That has passed already. Choose a later time.", field="closes")
    review_on = request.selected_date("review")
    if review_on is not None and review_on <= request.now.date():
        raise Refusal("That day has passed already. Choose a later one.", field="review")
    rule = request.selected_value("rule")
    quorum = request.text_value("quorum")
    return ProposalDraft(
        title=" ".join(sanitize(request.text_value("title")).split()),
        channel=channel,
        body=sanitize(request.text_value("why")),
        rule=read_rule(rule) if rule else None,
        quorum=int(quorum) if quorum.isdecimal() else None,
        closes_at=closes_at,
        talk=_selected_talk(request.selected_value("talk") or "0"),
        review_on=review_on,
        private=private,
    )


def _selected_talk(value: str) -> timedelta:
    """Return the time to talk that was chosen, which the form's menu names in days or with a unit."""
    span = dates.parse_duration(f"{value}d" if value.isdecimal() else value)
    return span if span is not None else parsed(timedelta, value, "the time to talk")


def read_rule(word: str) -> Rule:
    """Return the rule that a word names. Raise Refusal if there is none."""
    try:
        return Rule(word.casefold().replace("_", "-").replace("two thirds", "two-thirds"))
    except ValueError:
        known = ", ".join(f"`{rule.value}`" for rule in Rule)
        raise Refusal(
            f"There is no rule “{escape(word[:40])}”. The rules are {known}. For example: "
            '`/propose now "Adopt the shared calendar" rule:consent`'
        ) from None


# positions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TypedPosition:
    """A position as typed, with its reason."""

    stance: Stance
    reason: str


def read_position(rule: Rule, typed: str, number: int, version: int) -> TypedPosition:
    """Return the position and the reason that were typed after the number of a proposal of this version.

    The longest label that fits wins. Raise Refusal if there is none, if the reason is missing, or if there is a reason
    where the position takes none.
    """
    text = " ".join(typed.split())
    folded = text.casefold()
    alone = folded.rstrip(_CLOSING_MARKS)
    matches = [
        (len(text) if alone == label else len(label), stance)
        for stance in stances(rule)
        for label in _TYPED[stance]
        if alone == label or folded.startswith((label + " ", label + ":", label + ","))
    ]
    if not matches:
        raise _no_position(rule, text, (number, version))
    length, stance = max(matches)
    reason = text[length:].strip(" :,").strip()
    if stance in STANCES_WITH_REASON and not reason:
        example = "block" if stance is Stance.BLOCK else _TYPED[stance][-1]
        raise Refusal(
            f"“{STANCE_LABELS[stance]}” is recorded with a reason, so that people can talk about it. For example: "
            f"`/vote {number} {example} The dates collide with our exams`",
            buttons=[_stance_button(rule, stance, (number, version))],
        )
    if stance not in STANCES_WITH_REASON and reason:
        raise _superfluous_reason(rule, stance, reason, typed, number)
    return TypedPosition(stance, reason)


def position_before_number(text: str) -> tuple[str, int, str] | None:
    """Read a command in which the position stands before the proposal's number, such as "agree 28".

    Return the position as typed, the number, and the text with the number first; None if it is something else.
    """
    folded = text.casefold()
    words = {word for typed in _TYPED.values() for word in typed if not word[0].isdigit()}
    for word in sorted(words, key=len, reverse=True):
        match = re.match(rf"{re.escape(word)}\s+(?:to\s+|on\s+)?#?(\d{{1,9}})(?=\s|[:,]|$)", folded)
        if match:
            rest = text[match.end() :].strip(" :,")
            return word.capitalize(), int(match[1]), " ".join(part for part in (match[1], word, rest) if part)
    return None


def names_position(text: str) -> bool:
    """Return whether a text without a number is a position, or nearly one: `yes`, `Agree!`, `agre`, `block too early`.

    A question is none, whatever it begins with.
    """
    folded = " ".join(text.casefold().split()).strip(_CLOSING_MARKS)
    if not folded or folded.endswith("?"):
        return False
    known = [word for words in (*_TYPED.values(), _FOR, _AGAINST, _NEITHER) for word in words if not word.isdecimal()]
    begins = any(folded.startswith((f"{word} ", f"{word}, ", f"{word}: ")) for word in _BEFORE_REASON)
    return folded in known or begins or bool(difflib.get_close_matches(folded, known, n=1, cutoff=0.8))


def _no_position(rule: Rule, typed: str, wording: tuple[int, int]) -> Refusal:
    """Return what to answer to words that name no position: the positions that they may mean, as buttons.

    No position is put forward, so that the answer steers nobody. What was typed beside them becomes the reason.
    """
    number, _ = wording
    near, rest = _near_positions(rule, typed)
    problem = f"“{escape(truncate(typed, 60))}” is not a position on proposal {number}. " if typed else ""
    if len(near) == len(stances(rule)):
        known = ", ".join(f"`/vote {number} {_TYPED[stance][0]}`" for stance in near)
        sentence = f"{problem}You can answer {known}."
    else:
        meanings = [
            f"{STANCE_LABELS[stance]}: {STANCE_MEANINGS[stance]}" for stance in near if stance in STANCE_MEANINGS
        ]
        sentence = "\n".join([f"{problem}Which one do you mean?", *meanings])
    if not rest:
        return Refusal(sentence, buttons=[_stance_button(rule, stance, wording) for stance in near])
    return Ambiguous(sentence, typed, [_reading(stance, rest) for stance in near])


def _near_positions(rule: Rule, typed: str) -> tuple[Sequence[Stance], str]:
    """Return the positions that words may mean, all of them if nothing tells, and the words that may be a reason."""
    words = typed.split()
    labels = {label: stance for stance in stances(rule) for label in _TYPED[stance]}
    for count in (3, 2, 1):
        begin = " ".join(words[:count]).casefold().strip(_CLOSING_MARKS + ":,")
        rest = " ".join(words[count:])
        meant = [stance for stance in stances(rule) if begin in _IN_OTHER_WORDS.get(stance, ())]
        if not meant and len(begin) > 3:
            as_long = [label for label in labels if len(label.split()) == count]
            meant = [labels[label] for label in difflib.get_close_matches(begin, as_long, n=1, cutoff=0.75)]
            meant += [_WITH_RESERVATIONS[stance] for stance in meant if rest and stance in _WITH_RESERVATIONS]
        if meant and len(words) >= count:
            return meant, rest
    return stances(rule), typed if len(words) > 1 and STANCES_WITH_REASON & {*stances(rule)} else ""


def _stance_button(rule: Rule, stance: Stance, wording: tuple[int, int]) -> RefusalButton:
    """Return the button that the proposal's own message has for a position."""
    label = stance.value if rule is Rule.SENSE else STANCE_BUTTONS[stance]
    return RefusalButton(label, f"proposal.say.{stance.value}", wording_value(*wording))


def _reading(stance: Stance, reason: str) -> Reading:
    label = STANCE_LABELS[stance]
    if stance not in STANCES_WITH_REASON:
        return Reading(f"{label}, without a reason", _TYPED[stance][0])
    return Reading(truncate(f"{label}: {reason}", 75), f"{_TYPED[stance][0]} {reason}")


def _superfluous_reason(rule: Rule, stance: Stance, reason: str, typed: str, number: int) -> Refusal:
    """Return what to answer where a reason follows a position that takes none; ask where one with a reason is near."""
    label, shown = STANCE_LABELS[stance], escape(reason[:60])
    problem = f"You wrote “{shown}” after “{label}”. {label} takes no reason."
    near = _WITH_RESERVATIONS.get(stance)
    if near is None or near not in stances(rule):
        return Refusal(f"{problem} For example: `/vote {number} {_TYPED[stance][0]}`")
    return Ambiguous(f"{problem} Which one do you mean?", typed, [_reading(stance, reason), _reading(near, reason)])
