"""Run the subcommand that the first word of a command names. Several features may share one command."""

import difflib
import functools
from collections.abc import Collection, Mapping, Sequence

from handlers.kit import command_text
from handlers.kit.block_kit import LABEL_CHARACTERS
from handlers.kit.command_text import CommandText, parse_number, unwrap
from handlers.kit.refusals import Ambiguous, Reading
from handlers.kit.slack_request import SlackRequest, Subcommand
from handlers.kit.text import escape, truncate

_IN_OTHER_WORDS = {
    "add": ("create", "make"),
    "agency": ("agencies", "district", "organization", "school"),
    "amend": ("change", "edit", "reword", "update"),
    "away": ("absence", "absent", "vacation"),
    "cancel": ("delete", "drop", "remove"),
    "close": ("end", "finish", "stop"),
    "decline": ("refuse", "reject"),
    "done": ("close", "complete", "completed", "end", "finish", "finished"),
    "drop": ("cancel", "delete", "remove"),
    "due": ("date", "deadline"),
    "extend": ("prolong",),
    "hours": ("effort",),
    "leave": ("exit", "quit"),
    "move": ("postpone", "reschedule"),
    "new": ("create", "make"),
    "offer": ("ask", "assign", "give"),
    "remove": ("delete", "drop", "kick"),
    "reopen": ("undo",),
    "schedule": ("plan", "start"),
    "settings": ("config", "configure", "options", "preferences", "set", "setting"),
    "setup": ("create", "found", "start"),
    "show": ("details", "info", "open", "result", "results", "see", "view"),
    "take": ("accept", "claim"),
    "withdraw": ("cancel", "delete", "remove"),
}
"""Words that people type for the first word of a command, if the command has that word and not theirs."""

_PEOPLE = {"member": ("add", "invite", "move", "place")}
"""The same for words that a person follows."""

_NAMES = {
    "agency add": ("add",),
    "agency end": ("end",),
    "agency rename": ("rename",),
    "agency restore": ("restore",),
    "agency weight": ("weight",),
}
"""The same for words of `/consortium` that something else follows."""

_LISTS = {"mine": ("late", "list", "me", "my", "open", "overdue"), "who": ("list", "members", "people")}
"""The same for words that nothing follows."""

_NEW = ("create", "found", "make", "new")
_GONE = ("cancel", "close", "delete", "drop", "end", "remove")
_ACTIONS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "agency": {
        "add": _NEW,
        "end": _GONE,
        "holidays": ("close-days", "closures"),
        "rename": ("name",),
        "restore": ("reopen", "undo"),
        "weight": ("weigh", "weights"),
    },
    "dues": {"add": _NEW},
    "facilitator": {"remove": _GONE},
    "funding": {"add": _NEW},
    "role": {"add": _NEW},
}
"""The words that follow a command and say what to do, and what people type for them, in either order."""

_FILLERS = frozenset(
    (
        *(
            "add",
            "change",
            "edit",
            "get",
            "list",
            "make",
            "name",
            "open",
            "see",
            "set",
            "show",
            "take",
            "view",
            "write",
        ),
        *("a", "an", "as", "my", "our", "please", "the"),
    )
)
"""Words that people type before a command, and that add nothing to it."""

_OWN_LIST = frozenset({"all", "late", "list", "me", "mine", "my", "next", "open", "overview", "show", "status"})
"""Words that people type for the list that a command alone shows."""


class UnknownCommand(Ambiguous):
    """The first word of a command is none that is known. Its readings are the nearest commands."""


def run_subcommand(request: SlackRequest, typed: CommandText, example: str) -> None:
    """Run the subcommand that the first word names; `help` after it explains the command.

    If no feature registers the word, raise UnknownCommand, which offers the nearest known word, with `example`.
    """
    subcommand = request.subcommands.get(typed.first)
    if subcommand is not None and _asks_for_help(typed):
        subcommand, typed = request.subcommands["help"], command_text.parse("help")
    if subcommand is not None:
        subcommand(request, typed)
        return
    suggestion, readings = nearest_command(request, typed, request.subcommands)
    raise UnknownCommand(
        f"I do not know “{escape(truncate(typed.text, 60))}”.{suggestion} "
        f"`{request.command} help` lists what you can type, for example {example}",
        request.text,
        readings,
    )


def _asks_for_help(typed: CommandText) -> bool:
    return len(typed.words) == 2 and not typed.words[1].quoted and typed.words[1].folded == "help"


def takes_nothing(run: Subcommand) -> Subcommand:
    """Return a subcommand that raises Ambiguous if anything follows it: the command alone is offered."""

    @functools.wraps(run)
    def run_alone(request: SlackRequest, typed: CommandText) -> None:
        refuse_the_rest(request, typed)
        run(request, typed)

    return run_alone


def refuse_the_rest(request: SlackRequest, typed: CommandText, keys: Collection[str] = ()) -> None:
    """Raise Ambiguous if anything follows the first word of a command, apart from the options with these keys.

    The command alone is offered.
    """
    rest = [word.text for word in typed.words[1:]]
    rest += [f"{key}:{value}" for key, value in typed.options.items() if key not in keys]
    if rest:
        alone = f"{request.command} {typed.first}"
        raise Ambiguous(
            f"I understood `{alone}`, but not “{escape(truncate(' '.join(rest), 60))}”, so nothing has changed. "
            f"`{request.command} help` lists what you can type.",
            request.text,
            [Reading(alone, typed.first)],
        )


def nearest_command(request: SlackRequest, typed: CommandText, known: Collection[str]) -> tuple[str, Sequence[Reading]]:
    """Return a question that offers the command with the nearest known word first, and its reading for a button.

    A word is near if it means the same or is spelled alike; one that follows a number, as in `12 done`, moves before
    it. The question begins with a space. Both are empty if no known word is near.
    """
    ordered = _in_order(request.text.strip(), typed, known)
    if ordered is not None:
        return _offer(request, typed, *ordered)
    first, rest = typed.first, request.text.strip().partition(" ")[2]
    if len(typed.words) > 1 and parse_number(first) is not None:
        first, rest = typed.words[1].folded, " ".join([first, *request.text.split()[2:]])
    follows: Mapping[str, Sequence[str]] = _PEOPLE if typed.people else _LISTS
    if rest and not typed.people:
        follows = _NAMES if request.command == "/consortium" else {}
    nearest = _nearest_word(first, known, {**follows, **_IN_OTHER_WORDS}, alone=not rest)
    if nearest is None and typed.people and typed.words[0].typed.startswith("@") and rest and "member" in known:
        nearest, rest = "member", request.text.strip()
    return ("", []) if nearest is None else _offer(request, typed, nearest, rest)


def _offer(request: SlackRequest, typed: CommandText, nearest: str, rest: str) -> tuple[str, Sequence[Reading]]:
    # a command alone shows its list
    text = f"{nearest} {rest}".strip() if nearest else " "
    # mentions are ids in this text, which people should not see
    shown = nearest if typed.people else unwrap(text)
    label = truncate(f"{request.command} {shown}".strip(), LABEL_CHARACTERS)
    return f" Did you mean `{escape(label.replace('`', ''))}`?", [Reading(label, text)]


def nearest_action(command: str, typed: str) -> str | None:
    """Return the word of those that can follow a command, such as `agency add`, that is nearest to a typed one."""
    actions = _ACTIONS.get(command, {})
    same = next((action for action, others in actions.items() if typed == action or typed in others), None)
    return same or next(iter(difflib.get_close_matches(typed, actions, n=1, cutoff=0.7)), None)


def _in_order(raw: str, typed: CommandText, known: Collection[str]) -> tuple[str, str] | None:
    """Return the command whose word is not the first one, as in `add agency "Elm"`, and what follows it; else None."""
    later = (word.folded for word in typed.words[1:4] if not word.quoted and word.folded in known)
    command, first = next(later, None), typed.first
    if command is None or first in known or parse_number(first) is not None:
        return None
    action = nearest_action(command, first)
    if action is None and first not in _FILLERS and not typed.words[0].typed.startswith("@"):
        return None
    begin = [word.folded for word in typed.words[:4] if not word.quoted]
    before = begin[: begin.index(command)] if command in begin else []
    fillers = [word for word in before if word in _FILLERS]
    rest = command_text.without(raw, command, *([first] if action and first not in fillers else []), *fillers)
    return f"{command} {action or ''}".strip(), rest


def _nearest_word(typed: str, known: Collection[str], words: Mapping[str, Sequence[str]], *, alone: bool) -> str | None:
    """Return the known word nearest to a typed one, an empty one for the list that a command alone shows, or None."""
    same = next((word for word, others in words.items() if word.split()[0] in known and typed in others), None)
    if same is not None:
        return same
    alike = difflib.get_close_matches(typed, known, n=1)
    if alike:
        return alike[0]
    return "" if alone and typed in _OWN_LIST and "help" in known else None
