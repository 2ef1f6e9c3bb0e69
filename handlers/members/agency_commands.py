"""`/consortium agency` as people type it."""

from collections.abc import Iterator
from contextlib import contextmanager

from handlers.holidays.commands import holidays_command
from handlers.kit import command_text
from handlers.kit.block_kit import LABEL_CHARACTERS
from handlers.kit.command_text import CommandText, unwrap
from handlers.kit.refusals import Ambiguous, Reading, Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import nearest_action
from handlers.kit.text import escape, truncate
from handlers.members import agencies, interactions, rules

ADD_EXAMPLE = '`/consortium agency add "Elm County Schools" weight:2 domain:elm.k12.example`'
RENAME_EXAMPLE = '`/consortium agency rename "Elm County Schools" "Elm Schools"`'
WEIGHT_EXAMPLE = '`/consortium agency weight "Elm Schools" 3`'


def agency_command(request: SlackRequest, typed: CommandText) -> None:
    """Answer `/consortium agency`: add, rename, weigh, end, or restore an agency, or set its closed days."""
    action = typed.words[1].folded if len(typed.words) > 1 else ""
    rest = [word.text for word in typed.words[2:]]
    known = action in {"", "rename", "end", "restore", "holidays", "holiday", "closed"}
    allowed = ("weight",) if action == "weight" else () if known else ("weight", "domain")
    command_text.refuse_unknown_options(typed, allowed, rules.AGENCY_EXAMPLE)
    if action == "add" and rest:
        _add(request, typed, rest)
    elif action == "add" or not action:
        interactions.press_agency(request)
    elif action == "rename":
        old, new = _pair(rest, RENAME_EXAMPLE)
        agencies.rename_agency(request, old, new)
    elif action == "weight":
        name, weight = _pair([*rest, *([typed.options["weight"]] if "weight" in typed.options else [])], WEIGHT_EXAMPLE)
        with _refusals_with(WEIGHT_EXAMPLE):
            agencies.change_weight(request, name, weight)
    elif action == "end" and rest:
        agencies.confirm_end(request, " ".join(rest))
    elif action == "restore":
        agencies.restore_named_agency(request, " ".join(rest))
    elif action in {"holidays", "holiday", "closed"}:
        holidays_command(request, typed)
    elif action == "end":
        raise Refusal('Name the agency. For example: `/consortium agency end "Elm Schools"`')
    else:
        raise _nearly_understood(request, typed)


def _nearly_understood(request: SlackRequest, typed: CommandText) -> Ambiguous:
    """Return the question what is meant by an agency whose action comes later, is misspelled, or is missing."""
    actions = {
        word.folded: action
        for word in typed.words[1:4]
        if not word.quoted and (action := nearest_action("agency", word.folded))
    }
    rest = command_text.without(request.text.strip(), typed.first)
    more = (
        "You can add, rename, end, or restore an agency, change its weight, or set its holidays. For example: "
        f"{rules.AGENCY_EXAMPLE}"
    )
    if not actions:
        sentence = f"I do not know what to do with “{escape(truncate(typed.after(1), 60))}”. Is it a new agency? {more}"
        return Ambiguous(sentence, request.text, [Reading("Add this agency", f"agency add {rest}")])
    word, action = next(iter(actions.items()))
    text = f"agency {action} {command_text.without(rest, word)}"
    label = truncate(f"/consortium {unwrap(text)}", LABEL_CHARACTERS)
    sentence = f"Did you mean `{escape(label.replace('`', ''))}`? {more}"
    return Ambiguous(sentence, request.text, [Reading(label, text)])


def _add(request: SlackRequest, typed: CommandText, rest: list[str]) -> None:
    name, unread = (rest[0], rest[1:]) if typed.words[2].quoted else (" ".join(rest), [])
    if unread:
        raise Refusal(
            f"I did not understand “{escape(truncate(' '.join(unread), 60))}”. For example: {rules.AGENCY_EXAMPLE}"
        )
    weight, domain = typed.options.get("weight", "1"), typed.options.get("domain", "")
    with _refusals_with(ADD_EXAMPLE):
        agencies.add_agency(request, name, weight, domain, form=False)


def _pair(words: list[str], example: str) -> tuple[str, str]:
    """Return the two words that a command takes. Raise `Refusal` if there are more or fewer."""
    if len(words) != 2:
        raise Refusal(f"This needs two values, with names in quotes. For example: {example}")
    return words[0], words[1]


@contextmanager
def _refusals_with(example: str) -> Iterator[None]:
    """Add an example to a refusal, unless it already shows a button or a command."""
    try:
        yield
    except Refusal as refusal:
        if refusal.buttons or "`/" in refusal.sentence:
            raise
        raise refusal.with_example(f"For example: {example}") from None
