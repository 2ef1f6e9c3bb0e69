"""Run the subcommand that the first word of a command names. Several features may share one command."""

import difflib
import functools
import re
from collections.abc import Collection, Sequence

from handlers.kit import command_text
from handlers.kit.block_kit import LABEL_CHARACTERS
from handlers.kit.command_text import CommandText, unwrap
from handlers.kit.refusals import Ambiguous, Reading, Refusal
from handlers.kit.slack_request import SlackRequest, Subcommand
from handlers.kit.text import escape, truncate


def run_subcommand(request: SlackRequest, typed: CommandText, example: str) -> None:
    """Run the subcommand that the first word names; `help` after it explains the command.

    If no feature registers the word, raise Ambiguous, which offers the nearest known word, with `example`.
    """
    subcommand = request.subcommands.get(typed.first)
    if subcommand is not None and _asks_for_help(typed):
        subcommand, typed = request.subcommands["help"], command_text.parse("help")
    if subcommand is not None:
        subcommand(request, typed)
        return
    suggestion, readings = nearest_command(request, typed, request.subcommands)
    raise Ambiguous(
        f"I do not know “{escape(truncate(typed.text, 60))}”.{suggestion} "
        f"`{request.command} help` lists what you can type, for example {example}",
        request.text,
        readings,
    )


def _asks_for_help(typed: CommandText) -> bool:
    return len(typed.words) == 2 and not typed.words[1].quoted and typed.words[1].folded == "help"


def takes_nothing(run: Subcommand) -> Subcommand:
    """Return a subcommand that raises Refusal if anything follows it."""

    @functools.wraps(run)
    def run_alone(request: SlackRequest, typed: CommandText) -> None:
        refuse_the_rest(request, typed)
        run(request, typed)

    return run_alone


def refuse_the_rest(request: SlackRequest, typed: CommandText, keys: Collection[str] = ()) -> None:
    """Raise Refusal if anything follows the first word of a command, apart from the options with these keys."""
    rest = [word.text for word in typed.words[1:]]
    rest += [f"{key}:{value}" for key, value in typed.options.items() if key not in keys]
    if rest:
        raise Refusal(
            f"I understood `{request.command} {typed.first}`, but not “{escape(truncate(' '.join(rest), 60))}”, so "
            f"nothing has changed. `{request.command} help` lists what you can type."
        )


def nearest_command(request: SlackRequest, typed: CommandText, known: Collection[str]) -> tuple[str, Sequence[Reading]]:
    """Return a question that offers the command with the nearest known word first, and its reading for a button.

    The question begins with a space. Both are empty if no known word is near.
    """
    nearest = difflib.get_close_matches(typed.first, known, n=1)
    if not nearest:
        return "", []
    text = re.sub(r"^\S+", nearest[0], request.text.strip(), count=1)
    # mentions are ids in this text, which people should not see
    shown = nearest[0] if typed.people else unwrap(text)
    label = truncate(f"{request.command} {shown}", LABEL_CHARACTERS)
    return f" Did you mean `{escape(label.replace('`', ''))}`?", [Reading(label, text)]
