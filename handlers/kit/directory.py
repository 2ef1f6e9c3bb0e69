"""Who is who in Slack, remembered for a few minutes."""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from handlers.kit.dates import is_zone
from handlers.kit.refusals import Refusal
from handlers.kit.text import clean, cut

TROUBLE = (SlackClientError, OSError, HTTPException)
"""What Slack's client raises where Slack refuses, is out of reach, or breaks off in the middle of its answer."""

KEPT_SECONDS = 300
PAGE = 200
LARGE_PAGE = 1000


@dataclass(frozen=True)
class Person:
    """A Slack user. `team_id` is the home workspace."""

    team_id: str
    user_id: str
    name: str
    email: str | None
    zone: str
    bot: bool
    deleted: bool


def person_of(user: dict[str, Any], workspace: str) -> Person:
    """Read one of Slack's user objects."""
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    name = next((n for n in names if n), user["id"])
    zone = user.get("tz") or ""
    return Person(
        team_id=user.get("team_id") or profile.get("team") or workspace,
        user_id=user["id"],
        name=cut(clean(name), 80),
        email=(profile.get("email") or "").casefold() or None,
        zone=zone if is_zone(zone) else "UTC",
        bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        deleted=bool(user.get("deleted")),
    )


class Unanswered(Refusal):
    """Slack did not answer; nothing is remembered of it."""

    def __init__(self) -> None:
        super().__init__("Slack did not answer just now, so nothing has changed. Please try again in a minute.")


class Directory:
    """Looks people up in Slack. Keeps answers for five minutes, of wire time: Slack's are no fresher."""

    def __init__(self, slack: Callable[[str], WebClient]) -> None:
        self._slack = slack
        self._kept: dict[tuple[str, ...], tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def person(self, workspace: str, user_id: str) -> Person | None:
        """Look up one person; None where Slack knows no such user."""
        found: Person | None = self._remember(("person", workspace, user_id), lambda: self._person(workspace, user_id))
        return found

    def everyone(self, workspace: str) -> list[Person]:
        """List the people of a workspace, without bots and without those who left."""
        found: list[Person] = self._remember(("everyone", workspace), lambda: list(self._everyone(workspace)))
        return found

    def roll(self, workspace: str) -> list[Person]:
        """List the people of a workspace as they are now, those who left too. Raises one of TROUBLE."""
        return list(self._people(workspace, LARGE_PAGE))

    def each(self, workspace: str, users: Iterable[str]) -> list[Person]:
        """Look these people up one by one, as they are now; those Slack does not know are left out.

        Raises one of TROUBLE.
        """
        return [person for user in users if (person := self._person(workspace, user)) is not None]

    def audience(self, workspace: str, channel: str) -> list[str]:
        """List the user ids in a channel; empty where Slack does not tell."""
        try:
            return self._members(workspace, channel)
        except Unanswered:
            return []

    def channel_name(self, workspace: str, channel: str) -> str:
        """Name a channel, with its #; empty where Slack does not tell."""
        try:
            name = self._channel(workspace, channel).get("name")
        except Unanswered:
            return ""
        return f"#{name}" if name else ""

    def is_private(self, workspace: str, channel: str) -> bool:
        """Tell whether not everybody can see a channel; one that Slack does not let the bot find is private.

        Raises Unanswered where Slack does not answer: it is not guessed, since what is kept of it stays.
        """
        return bool(self._channel(workspace, channel).get("is_private", True))

    def can_see(self, workspace: str, channel: str, user_id: str) -> bool:
        """Tell whether a person can see what is said in a channel. Raises Unanswered."""
        return not self.is_private(workspace, channel) or user_id in self._members(workspace, channel)

    def known_to_see(self, workspace: str, channel: str, user_id: str) -> bool | None:
        """Return what `can_see` would, without asking Slack; None where it would have to."""
        channel_known = self._known(("channel", workspace, channel))
        if channel_known is None:
            return None
        if not channel_known.get("is_private", True):
            return True
        members = self._known(("audience", workspace, channel))
        return None if members is None else user_id in members

    def _known(self, key: tuple[str, ...]) -> Any:
        with self._lock:
            kept = self._kept.get(key)
        return kept[1] if kept and kept[0] > time.monotonic() else None

    def _members(self, workspace: str, channel: str) -> list[str]:
        found: list[str] = self._remember(("audience", workspace, channel), lambda: self._audience(workspace, channel))
        return found

    def _channel(self, workspace: str, channel: str) -> dict[str, Any]:
        found: dict[str, Any] = self._remember(
            ("channel", workspace, channel), lambda: self._ask_channel(workspace, channel)
        )
        return found

    def forget(self, workspace: str, user_id: str) -> None:
        """Drop what is remembered of a person who has changed."""
        with self._lock:
            self._kept.pop(("person", workspace, user_id), None)
            self._kept.pop(("everyone", workspace), None)

    def _remember(self, key: tuple[str, ...], ask: Callable[[], Any]) -> Any:
        now = time.monotonic()
        with self._lock:
            kept = self._kept.get(key)
        if kept and kept[0] > now:
            return kept[1]
        answer = ask()
        with self._lock:
            if len(self._kept) > 5000:
                self._kept.clear()
            self._kept[key] = (now + KEPT_SECONDS, answer)
        return answer

    def _person(self, workspace: str, user_id: str) -> Person | None:
        try:
            answer = self._slack(workspace).users_info(user=user_id)
        except SlackApiError as error:
            if _says(error, "user_not_found", "user_not_visible"):
                return None
            raise
        return person_of(answer["user"], workspace)

    def _everyone(self, workspace: str) -> Iterable[Person]:
        return (person for person in self._people(workspace, PAGE) if not person.deleted)

    def _people(self, workspace: str, size: int) -> Iterable[Person]:
        cursor = ""
        while True:
            answer = self._slack(workspace).users_list(limit=size, cursor=cursor)
            for user in answer["members"]:
                person = person_of(user, workspace)
                if not person.bot:
                    yield person
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _audience(self, workspace: str, channel: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            try:
                answer = self._slack(workspace).conversations_members(channel=channel, limit=PAGE, cursor=cursor)
            except TROUBLE as error:
                if _says(error, "channel_not_found"):
                    return []
                raise Unanswered from error
            found.extend(answer["members"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return found

    def _ask_channel(self, workspace: str, channel: str) -> dict[str, Any]:
        try:
            return dict(self._slack(workspace).conversations_info(channel=channel)["channel"])
        except TROUBLE as error:
            if _says(error, "channel_not_found"):
                return {}
            raise Unanswered from error


def _says(error: Exception, *words: str) -> bool:
    """Tell whether Slack refused with one of these words."""
    return isinstance(error, SlackApiError) and error.response.get("error") in words
