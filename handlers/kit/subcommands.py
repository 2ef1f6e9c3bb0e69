"""Commands whose first word says what to do: the words come from all features that share the command."""

import difflib
from collections.abc import Collection

from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import cut, escape


def run_subcommand(request: SlackRequest, typed: Typed, example: str) -> None:
    """Run the subcommand that the first word names.

    Raise Refusal where no feature registers the word; it names the nearest one, and `example` as one that works.
    """
    subcommand = request.subcommands.get(typed.first)
    if subcommand is not None:
        subcommand(request, typed)
        return
    meant = did_you_mean(request.command, typed.first, request.subcommands)
    raise Refusal(
        f"I do not know “{escape(cut(typed.text, 60))}”.{meant} "
        f"`{request.command} help` explains what can be typed, for example {example}"
    )


def did_you_mean(command: str, word: str, known: Collection[str], rest: str = "") -> str:
    """Return a question that offers the nearest known word, with a space before it; empty where none is near.

    `rest` is what was typed after the word.
    """
    nearest = difflib.get_close_matches(word, known, n=1)
    if not nearest:
        return ""
    typed = " ".join([command, nearest[0], *escape(cut(rest.replace("`", "'"), 60)).split()])
    return f" Did you mean `{typed}`?"
