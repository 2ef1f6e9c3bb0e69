"""People and channels as Slack knows them, cached for a few minutes."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from handlers.kit.dates import is_time_zone
from handlers.kit.refusals import Refusal
from handlers.kit.retry_after import read_retry_after
from handlers.kit.slack_errors import MISSING_SCOPE, NO_ACCESS, RATE_LIMITED, TROUBLE, code_in
from handlers.kit.text import escape, sanitize, truncate

SLACK_ERRORS = (SlackClientError, OSError, HTTPException)
"""Errors of Slack's client: Slack refuses, cannot be reached, or breaks off its answer."""

CACHE_SECONDS = 300
MOST_ASKED = 3
"""How many people or channels Slack is asked about within one request, which has three seconds."""

PAGE = 200
LARGE_PAGE = 1000
"""The most people in one answer of `users.list`. Slack answers twenty such questions a minute."""


@dataclass(frozen=True)
class Person:
    """A Slack user. `team_id` is the home: the Enterprise Grid organization where there is one, or the workspace.

    `teams` are the workspaces of the organization that the person is in, under which they may have been recorded.
    """

    team_id: str
    user_id: str
    name: str
    email: str | None
    zone: str
    bot: bool
    deleted: bool
    teams: tuple[str, ...] = ()


def parse_user(user: dict[str, Any], workspace: str) -> Person:
    """Convert one of Slack's user objects."""
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    name = next((n for n in names if n), user["id"])
    zone = user.get("tz") or ""
    team = user.get("team_id") or profile.get("team") or workspace
    of_enterprise = user.get("enterprise_user") or {}
    enterprise = of_enterprise.get("enterprise_id") or ""
    return Person(
        team_id=enterprise or team,
        user_id=user["id"],
        name=truncate(sanitize(name), 80),
        email=(profile.get("email") or "").casefold() or None,
        zone=zone if is_time_zone(zone) else "UTC",
        bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        deleted=bool(user.get("deleted")),
        teams=tuple({team, *(of_enterprise.get("teams") or [])} - {enterprise}) if enterprise else (),
    )


class SlackUnavailable(Refusal):
    """Slack did not answer, or refused to. Nothing is cached."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__(describe_error(error))


class _Pass:
    """A reading of `users.list`, page by page. `ends` is when its first pages are too old."""

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.people: list[Person] = []
        self.cursor = ""
        self.complete = False

    def add(self, answer: Mapping[str, Any] | SlackResponse, workspace: str) -> None:
        """Add a page."""
        found = (parse_user(user, workspace) for user in answer["members"])
        self.people += [person for person in found if not person.bot]
        self.cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        self.complete = not self.cursor


class Directory:
    """Looks up people and channels in Slack. Caches answers for five minutes of real time: Slack's are no fresher."""

    def __init__(self, slack: Callable[[str], WebClient], background: Callable[[str], WebClient] | None = None) -> None:
        """`slack` answers within a request, `background` may take longer."""
        self._slack = slack
        self._background = background or slack
        self._cache: dict[tuple[str, ...], tuple[float, Any]] = {}
        self._passes: dict[str, _Pass] = {}
        self._lock = threading.Lock()

    def person(self, workspace: str, user_id: str) -> Person | None:
        """Return one person, or None if Slack knows no such user. Raise SlackUnavailable if it does not answer."""
        try:
            person: Person | None = self._cached(
                ("person", workspace, user_id), lambda: self._person(self._slack(workspace), workspace, user_id)
            )
        except SLACK_ERRORS as error:
            raise SlackUnavailable(error) from error
        return person

    def roll(self, workspace: str) -> list[Person]:
        """Return the people of a workspace, including those who have left. Not cached. Raise one of SLACK_ERRORS.

        It takes a call for each thousand people. Where Slack asks for a break, the next call of this method within
        five minutes continues there.
        """
        kept = self._passes.pop(workspace, None)
        reading = kept if kept is not None and kept.ends > time.monotonic() else _Pass(time.monotonic() + CACHE_SECONDS)
        try:
            while not reading.complete:
                client = self._background(workspace)
                reading.add(client.users_list(limit=LARGE_PAGE, cursor=reading.cursor), workspace)
        except SLACK_ERRORS:
            self._passes[workspace] = reading
            raise
        return reading.people

    def find_by_email(self, workspace: str, email: str) -> Person | None:
        """Return the person with this address, or None. Not cached. Raise one of SLACK_ERRORS."""
        try:
            answer = self._background(workspace).users_lookupByEmail(email=email)
        except SlackApiError as error:
            if _has_code(error, "users_not_found"):
                return None
            raise
        person = parse_user(answer["user"], workspace)
        return None if person.bot or person.deleted else person

    def each(self, workspace: str, users: Iterable[str]) -> list[Person]:
        """Return these people, without those whom Slack does not know. Not cached, one call for each.

        Raise one of SLACK_ERRORS.
        """
        ask = self._background(workspace)
        return [person for user in users if (person := self._person(ask, workspace, user)) is not None]

    def audience(self, workspace: str, channel: str) -> list[str]:
        """Return the user ids of a channel's members. Empty if Slack does not answer."""
        try:
            return self._members(workspace, channel)
        except SlackUnavailable:
            return []

    def channel_name(self, workspace: str, channel: str) -> str:
        """Return the name of a channel, with its `#`. Empty if Slack does not answer."""
        try:
            name = self._channel(workspace, channel).get("name")
        except SlackUnavailable:
            return ""
        return f"#{name}" if name else ""

    def names(self, workspace: str, users: Iterable[str]) -> dict[str, str]:
        """Map user ids to names. People are missing if there are too many, or if Slack does not answer."""
        names: dict[str, str] = {}
        for user in list(users)[:MOST_ASKED]:
            try:
                person = self.person(workspace, user)
            except SlackUnavailable:
                break
            if person is not None:
                names[user] = person.name
        return names

    def is_private(self, workspace: str, channel: str) -> bool:
        """Return whether a channel is private, or hidden from the bot.

        Raise SlackUnavailable if Slack does not answer. There is no default because the result is stored.
        """
        return bool(self._channel(workspace, channel).get("is_private", True))

    def can_see(self, workspace: str, channel: str, user_id: str) -> bool:
        """Return whether a person can read a channel. Raise SlackUnavailable."""
        return not self.is_private(workspace, channel) or user_id in self._members(workspace, channel)

    def known_to_see(self, workspace: str, channel: str, user_id: str) -> bool | None:
        """Return what `can_see` would, without asking Slack; None if it would have to."""
        channel_known = self._known(("channel", workspace, channel))
        if channel_known is None:
            return None
        if not channel_known.get("is_private", True):
            return True
        members = self._known(("audience", workspace, channel))
        return None if members is None else user_id in members

    def _known(self, key: tuple[str, ...]) -> Any:
        with self._lock:
            kept = self._cache.get(key)
        return kept[1] if kept and kept[0] > time.monotonic() else None

    def _members(self, workspace: str, channel: str) -> list[str]:
        users: list[str] = self._cached(("audience", workspace, channel), lambda: self._audience(workspace, channel))
        return users

    def _channel(self, workspace: str, channel: str) -> dict[str, Any]:
        info: dict[str, Any] = self._cached(
            ("channel", workspace, channel), lambda: self._channel_info(workspace, channel)
        )
        return info

    def forget(self, workspace: str, user_id: str) -> None:
        """Drop a person from the cache because Slack reported a change."""
        with self._lock:
            self._cache.pop(("person", workspace, user_id), None)

    def forget_channel(self, workspace: str, channel: str) -> None:
        """Drop a channel from the cache because Slack reported a change."""
        with self._lock:
            self._cache.pop(("channel", workspace, channel), None)
            self._cache.pop(("audience", workspace, channel), None)

    def _cached(self, key: tuple[str, ...], fetch: Callable[[], Any]) -> Any:
        now = time.monotonic()
        with self._lock:
            entry = self._cache.get(key)
        if entry and entry[0] > now:
            return entry[1]
        answer = fetch()
        with self._lock:
            if len(self._cache) > 5000:
                self._cache.clear()
            self._cache[key] = (now + CACHE_SECONDS, answer)
        return answer

    @staticmethod
    def _person(client: WebClient, workspace: str, user_id: str) -> Person | None:
        try:
            answer = client.users_info(user=user_id)
        except SlackApiError as error:
            if _has_code(error, "user_not_found", "user_not_visible"):
                return None
            raise
        return parse_user(answer["user"], workspace)

    def _audience(self, workspace: str, channel: str) -> list[str]:
        users: list[str] = []
        cursor = ""
        while True:
            try:
                answer = self._slack(workspace).conversations_members(channel=channel, limit=PAGE, cursor=cursor)
            except SLACK_ERRORS as error:
                if _has_code(error, "channel_not_found"):
                    return []
                raise SlackUnavailable(error) from error
            users.extend(answer["members"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return users

    def _channel_info(self, workspace: str, channel: str) -> dict[str, Any]:
        try:
            return dict(self._slack(workspace).conversations_info(channel=channel)["channel"])
        except SLACK_ERRORS as error:
            if _has_code(error, "channel_not_found"):
                return {}
            raise SlackUnavailable(error) from error


def describe_error(error: Exception | None) -> str:
    """Return sentences that say why Slack did not do what was asked, and what to do next.

    Where Slack gave a reason, they repeat it for whoever manages the app.
    """
    if not isinstance(error, SlackApiError):
        return "Slack did not answer just now, so nothing has changed. Please try again in a minute."
    status, code = getattr(error.response, "status_code", 0), code_in(getattr(error.response, "data", None))
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in RATE_LIMITED:
        return "Slack asks me to wait a little, so nothing has changed. Please try again in a minute."
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in TROUBLE or code is None:
        return "Slack has trouble just now, so nothing has changed. Please try again in a minute."
    if code == MISSING_SCOPE:
        return (
            "I am missing a permission in Slack, so nothing has changed. The person who manages this app can reinstall "
            "it from the manifest."
        )
    if code in NO_ACCESS:
        return (
            "Slack does not let me in here, so nothing has changed. The person who manages this app can check its "
            f"token. Slack's reason: “{escape(truncate(code, 60))}”."
        )
    return (
        "Slack refused this, so nothing has changed. If it happens again, tell the person who manages this app. "
        f"Slack's reason: “{escape(truncate(code, 60))}”."
    )


def _has_code(error: Exception, *codes: str) -> bool:
    """Return whether Slack refused with one of these error codes."""
    return isinstance(error, SlackApiError) and error.response.get("error") in codes


def retry_after(error: Exception, otherwise: timedelta) -> timedelta:
    """Return how long Slack asks to wait, and a second more, or `otherwise` where it does not say."""
    headers = getattr(error.response, "headers", None) if isinstance(error, SlackApiError) else None
    wait = read_retry_after(headers or {})
    return wait + timedelta(seconds=1) if wait is not None else otherwise
