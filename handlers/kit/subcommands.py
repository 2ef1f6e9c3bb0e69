"""Run the subcommand that the first word of a command names. Several features may share one command."""

import difflib
import re
from collections.abc import Collection, Sequence

from handlers.kit.block_kit import LABEL_CHARACTERS
from handlers.kit.command_text import CommandText, unwrap
from handlers.kit.refusals import Ambiguous, Reading
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, truncate


def run_subcommand(request: SlackRequest, typed: CommandText, example: str) -> None:
    """Run the subcommand that the first word names.

    If no feature registers the word, raise Ambiguous, which offers the nearest known word, with `example`.
    """
    subcommand = request.subcommands.get(typed.first)
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
