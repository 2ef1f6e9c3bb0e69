"""Why Slack did not take a message, in words: what happened, and what can be done."""

import re
from dataclasses import dataclass

from handlers.kit.slack_errors import MISSING_SCOPE, TROUBLE

NOT_IN_CHANNEL = frozenset({"not_in_channel", "channel_not_found"})
ARCHIVED = frozenset({"is_archived", "is_inactive"})
CLOSED = NOT_IN_CHANNEL | ARCHIVED
"""Reasons that hold for every message to the same channel, and end when the channel is opened to the bot again."""

GONE = frozenset({"message_not_found", "cant_update_message"})
"""Reasons for which a message can never be updated again. It can be posted anew."""

UNREADABLE = "unreadable"
"""Reason of a message that is stored in a form that cannot be read, so that nobody can send it."""

FILES_NOT_WRITTEN = "its files could not be written"
DATABASE_SILENT = "my database did not answer for a day"
"""Reasons of an export that never reached Slack."""

_TOO_LARGE = frozenset({"msg_too_long", "msg_blocks_too_long", "too_many_attachments", "file_upload_size_restricted"})
_THREAD_GONE = frozenset({"thread_not_found", "cannot_reply_to_message", "thread_locked"})
_NO_PERSON = frozenset({"user_not_found", "user_disabled", "cannot_dm_bot", "messages_tab_disabled", "user_is_bot"})
_LIMITED = re.compile(r"restricted_action.*|no_permission|access_denied|not_allowed|posting_to_\w+_denied")
_CODE = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True)
class Explanation:
    """Why a message is undelivered. `cause` follows "because" and calls it "it"; `remedy` is a sentence."""

    cause: str
    remedy: str


_RUNNER = "Tell whoever runs this bot"


def explain(reason: str | None) -> Explanation:
    """Return why a message was not delivered, and what can be done."""
    reason = reason or ""
    for codes, explanation in _EXPLANATIONS.items():
        if reason in codes:
            return explanation
    if _LIMITED.fullmatch(reason):
        return Explanation(
            "the rules of your workspace do not let me post it there",
            "A Slack administrator can allow it. Then send it again.",
        )
    if _CODE.fullmatch(reason):
        return Explanation(f"Slack did not accept it ({reason})", f"{_RUNNER}, and mention the word in parentheses.")
    return Explanation("Slack could not be reached for a day", "Send it again.")


_EXPLANATIONS = {
    ARCHIVED: Explanation("its channel is archived", "Open the channel again, then send it again."),
    NOT_IN_CHANNEL: Explanation("I am not in its channel", "Invite me there with `/invite`, then send it again."),
    frozenset({"message_not_found"}): Explanation(
        "it was deleted from its channel",
        "Post it again, and the new one will show the current state. Nothing else is affected.",
    ),
    frozenset({"cant_update_message"}): Explanation(
        "Slack no longer lets me change it",
        "Post it again, and the new one will show the current state. Nothing else is affected.",
    ),
    frozenset({UNREADABLE}): Explanation(
        "the copy that I keep of it is damaged", f"{_RUNNER}. All other messages go on."
    ),
    _TOO_LARGE: Explanation("it is too long for Slack", f"{_RUNNER}: this is our fault."),
    _THREAD_GONE: Explanation("the message that it answers is gone or locked", "If it still matters, tell people."),
    _NO_PERSON: Explanation("Slack does not let me write to this person", "If it still matters, tell the person."),
    frozenset({MISSING_SCOPE}): Explanation(
        "I lack a permission for it", "Whoever manages this app in Slack can install it again. Then send it again."
    ),
    frozenset({FILES_NOT_WRITTEN}): Explanation(FILES_NOT_WRITTEN, f"{_RUNNER}: this is our fault."),
    frozenset({DATABASE_SILENT}): Explanation(DATABASE_SILENT, "Send it again."),
    TROUBLE: Explanation("Slack had trouble for a day", "Send it again."),
}


_PAUSES = {
    MISSING_SCOPE: Explanation(
        "I lack the permission to post", "Whoever manages this app in Slack can install it again from its manifest."
    ),
    "ekm_access_denied": Explanation(
        "your organization has suspended access to its encryption keys", "Your Slack administrators can restore it."
    ),
}


def explain_pause(reason: str) -> Explanation:
    """Return why Slack lets the bot post nothing at all, and what can be done."""
    otherwise = Explanation(
        "Slack does not accept my access token", "Ask whoever runs this bot to check it with `python -m bot doctor`."
    )
    return _PAUSES.get(reason, otherwise)
