"""One request from Slack, as a listener meets it."""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, TypeVar

import structlog
from slack_bolt import Ack
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import InteractiveElement
from sqlalchemy.orm import Session

from handlers.kit import block_kit
from handlers.kit.block_kit import PIECE, SECTION, section
from handlers.kit.callers import Caller, Needs, identify
from handlers.kit.command_text import Typed
from handlers.kit.deps import Deps
from handlers.kit.directory import TROUBLE
from handlers.kit.refusals import Refusal, Repeat
from handlers.kit.text import cut, escape, unformatted
from handlers.kit.visibility import Audience, Channel, MembershipUnknown, Reader, sees
from storage import home_tabs, idempotency
from storage.vocabulary import MemberId
from storage.voting import Voter

log = structlog.get_logger()

Paper = TypeVar("Paper")
Read = Callable[[Session, str, str, str, int], tuple[Voter | None, Paper | None]]

LOOK = "Have a look"
"""The title of a window that shows what elsewhere would be an answer in a channel."""

HOME = 500
"""So much of what was done stands on top of a home tab."""

_NO_SUBCOMMANDS: Mapping[str, "Subcommand"] = {}

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Payload:
    """The body of one request from Slack, whatever kind it is."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.body = body

    @property
    def workspace(self) -> str:
        """Give the workspace in which the bot was asked."""
        team = self.body.get("team_id") or (self.body.get("team") or {}).get("id")
        return str(team or self.home)

    @property
    def home(self) -> str:
        """Give the person's home workspace."""
        user = self.body.get("user")
        if isinstance(user, dict):
            return str(user.get("team_id") or (self.body.get("team") or {}).get("id"))
        event = self.body.get("event") or {}
        return str(self.body.get("user_team") or event.get("user_team") or self.body.get("team_id"))

    @property
    def user(self) -> str:
        """Give the person's user id."""
        user = self.body.get("user")
        if isinstance(user, dict):
            return str(user["id"])
        return str(self.body.get("user_id") or (self.body.get("event") or {}).get("user"))

    @property
    def channel(self) -> str:
        """Give the channel in which it happened, through a form too; empty where there is none."""
        found = self.body.get("channel_id") or (self.body.get("channel") or {}).get("id")
        return str(found or self.carry.get("channel") or "")

    @property
    def kind(self) -> str:
        """Tell what this is: command, shortcut, message_action, block_actions, view_submission or event_callback."""
        return str(self.body.get("type") or ("command" if "command" in self.body else ""))

    @property
    def command(self) -> str:
        """Return the slash command, such as `/vote`; empty for other requests."""
        return str(self.body.get("command") or "")

    @property
    def typed(self) -> str:
        """Give what stands behind a command."""
        return str(self.body.get("text") or "")

    @property
    def action(self) -> dict[str, Any]:
        """Give the element that was pressed."""
        return dict(self.body["actions"][0])

    @property
    def value(self) -> str:
        """Give the value of what was pressed or chosen."""
        action = self.action
        chosen = action.get("selected_option") or {}
        return str(action.get("value") or chosen.get("value") or "")

    @property
    def message_ts(self) -> str:
        """Give the ts of the message on which something was pressed; empty elsewhere."""
        return str((self.body.get("container") or {}).get("message_ts") or "")

    @property
    def on_home(self) -> bool:
        """Tell whether something was pressed on the home tab, where Slack gives no address for an answer."""
        return self.kind == "block_actions" and (self.body.get("view") or {}).get("type") == "home"

    @property
    def in_window(self) -> bool:
        """Tell whether something was pressed in a form or another window, where Slack gives no address either."""
        return self.kind == "block_actions" and (self.body.get("view") or {}).get("type") == "modal"

    @property
    def in_message(self) -> bool:
        """Tell whether something was pressed on a message that stays: not an ephemeral one, not a form."""
        container = self.body.get("container") or {}
        return container.get("type") == "message" and not container.get("is_ephemeral")

    @property
    def in_direct_message(self) -> bool:
        """Tell whether this began with a press on one of our direct messages, such as a reminder."""
        return (self.in_message and self.channel.startswith("D")) or bool(self.carry.get("direct"))

    @property
    def origin(self) -> dict[str, Any]:
        """Give what a form has to carry so that its answer finds the way back.

        The answer takes the place of a direct message, but not of one that holds other matters too.
        """
        direct = self.in_direct_message and not self.action_block.startswith(PIECE)
        return {"channel": self.channel, "url": self.response_url, "direct": direct}

    @property
    def action_block(self) -> str:
        """Name the block in which something was pressed; empty elsewhere."""
        pressed = self.body.get("actions") or [{}]
        return str(pressed[0].get("block_id") or "")

    @property
    def carry(self) -> dict[str, Any]:
        """Give what a form carries with it."""
        view = self.body.get("view") or {}
        return dict(json.loads(view.get("private_metadata") or "{}")) if view.get("type") == "modal" else {}

    @property
    def response_url(self) -> str:
        """Give the address for private answers, through a form too; empty where there is none."""
        return str(self.body.get("response_url") or self.carry.get("url") or "")

    def written(self, block_id: str) -> str:
        """Give what was written into a field of a form; empty where nothing was."""
        return str(self._state(block_id).get("value") or "").strip()

    def chosen(self, block_id: str) -> str:
        """Give what was chosen in a form: an option's value, a person, a date; empty where nothing was."""
        state = self._state(block_id)
        option = state.get("selected_option") or {}
        for name in ("selected_user", "selected_conversation", "selected_channel", "selected_date"):
            if state.get(name):
                return str(state[name])
        return str(option.get("value") or "")

    def time_chosen(self, block_id: str) -> str:
        """Give the time of day chosen in a form, as `HH:MM`; empty where none was."""
        return str(self._state(block_id).get("selected_time") or "")

    def ticked(self, block_id: str) -> list[str]:
        """List what was ticked in a form."""
        return [str(option["value"]) for option in self._state(block_id).get("selected_options") or []]

    def files(self, block_id: str) -> list[dict[str, Any]]:
        """List the files handed over in a form, as Slack describes them."""
        return [dict(file) for file in self._state(block_id).get("files") or []]

    def moment_chosen(self, block_id: str) -> int | None:
        """Give the moment chosen in a form, in seconds since 1970."""
        found = self._state(block_id).get("selected_date_time")
        return int(found) if found else None

    def _state(self, block_id: str) -> dict[str, Any]:
        view = self.body.get("view") or {}
        block = ((view.get("state") or {}).get("values") or {}).get(block_id) or {}
        return dict(next(iter(block.values()), {}))


class SlackRequest(Payload):
    """What came from Slack, and the few things one may do with it.

    A listener has four beats: who asks and may they; read what was typed; one transaction (`begin`); answer.
    The acknowledgement is sent when the listener has returned, so what was acknowledged is stored.
    """

    def __init__(
        self, deps: Deps, body: dict[str, Any], subcommands: Mapping[str, "Subcommand"] = _NO_SUBCOMMANDS
    ) -> None:
        super().__init__(body)
        self.deps = deps
        self.subcommands = subcommands
        self.now: datetime = deps.clock.now()
        self._said: dict[str, Any] | None = None
        self._memberships: dict[Channel, bool] = {}

    # transactions --------------------------------------------------------------------------------------

    @contextmanager
    def begin(self, needs: Needs = "member") -> Iterator[tuple[Session, Caller]]:
        """Open the one transaction of this request.

        Raises Refusal for who may not, Repeat where Slack says again what was worked on already.
        """
        with self._once(self.deps.db.begin()) as session:
            yield session, identify(session, self.workspace, self.home, self.user, needs)

    @contextmanager
    def vote(self, read: Read[Paper], number: int) -> Iterator[tuple[Session, Voter, Paper | None]]:
        """Open the one transaction of a vote, which reads a ballot paper instead of whole rows.

        Raises Refusal for who is no member, Repeat where Slack says again what was worked on already.
        """
        with self._once(self.deps.db.together()) as session:
            voter, paper = read(session, self.workspace, self.home, self.user, number)
            if voter is None:
                identify(session, self.workspace, self.home, self.user, "member")
                raise ValueError("only who is a member votes")
            yield session, voter, paper

    @contextmanager
    def _once(self, transaction: AbstractContextManager[Session]) -> Iterator[Session]:
        with transaction as session:
            key = self._repeat_key()
            if key and not idempotency.first_time(session, self.workspace, key, self.now):
                raise Repeat
            yield session

    @contextmanager
    def look(self, needs: Needs = "member") -> Iterator[tuple[Session, Caller]]:
        """Open a transaction that only reads."""
        with self.deps.db.read() as session:
            yield session, identify(session, self.workspace, self.home, self.user, needs)

    def require(self, needs: Needs = "member") -> None:
        """Check the caller's role before anything else is answered. Raise Refusal where it is not enough."""
        with self.look(needs):
            pass

    def _repeat_key(self) -> str:
        """Name what makes this request the same as another; presses repeat without harm and need none."""
        if self.kind == "view_submission":
            return f"view:{self.body['view']['id']}"
        if self.kind == "command":
            return f"trigger:{self.body.get('trigger_id', '')}"
        if self.kind == "event_callback":
            return f"event:{self.body['event_id']}"
        return ""

    # visibility -----------------------------------------------------------------------------------------

    def reader(self, member_id: MemberId | None) -> Reader:
        """Return the person as a reader: they are in the channel of the request, and in those that Slack told of."""
        known = {channel for channel, is_in in self._memberships.items() if is_in}
        return Reader(member_id, {(self.workspace, self.channel), *known})

    def check_sees(self, member_id: MemberId | None, audience: Audience, otherwise: Refusal) -> None:
        """Check that the person may see an item. Raise `otherwise` where they may not.

        Raise MembershipUnknown where Slack has to be asked first; the request then starts again.
        """
        if sees(self.reader(member_id), audience):
            return
        if member_id is None or audience.channel in self._memberships:
            raise otherwise
        known = self.deps.directory.known_to_see(*audience.channel, self.user)
        if known is None:
            raise MembershipUnknown(audience.channel)
        if not known:
            raise otherwise

    def in_private_channel(self, channel: str = "") -> bool:
        """Return whether the request comes from a private channel, or whether `channel` is one.

        Direct messages are private, and Slack need not be asked about them. Raise Unanswered where Slack does not
        answer.
        """
        channel = channel or self.channel
        return channel.startswith("D") or self.deps.directory.is_private(self.workspace, channel)

    def ask_membership(self, channel: Channel) -> None:
        """Ask Slack whether the person is in a channel. Raise Unanswered where Slack does not answer."""
        self._memberships[channel] = self.deps.directory.can_see(*channel, self.user)

    # answers -------------------------------------------------------------------------------------------

    def answer(self, text: str, blocks: Sequence[Block] | None = None, *, replace: bool = False) -> None:
        """Say something that only the person sees; with `replace` in place of what was pressed."""
        body = block_kit.message(text, blocks, response_type="ephemeral") if blocks else _sentence(text)
        if self.kind == "command":
            self._said = body
        elif self.response_url:
            self.deps.response_urls.send(self.response_url, {**body, "replace_original": replace})
        elif self.on_home and blocks:
            self.open(block_kit.notice(LOOK, blocks))
        elif self.on_home:
            self._say_at_home(text)
        elif self.in_window:
            self.change(block_kit.notice(LOOK, blocks or [section(text)]))

    def done(self, text: str, *buttons: InteractiveElement, instead: Sequence[Block] = ()) -> None:
        """Say what was done, where the person looks: in place of the form, the reminder, or just below.

        Forms beneath the one that was submitted show what was before, so they are closed with it. `instead` are blocks
        that say it where a sentence and buttons are not enough.
        """
        blocks: list[Block] = [section(text), block_kit.row(*buttons)] if buttons else [*instead]
        if self.on_home:
            self._say_at_home(text)
            return
        if self.in_window:
            self.change(block_kit.notice("Noted", [section(text)]))
            return
        if self.kind == "view_submission" and not self.response_url:
            # it began where Slack gives no address for an answer, so the form itself says it, and closes as a whole
            said = block_kit.notice("Noted", blocks or [section(text)])
            self.reply(response_action="update", view={**said, "clear_on_close": True})
            self._say_at_home(text)
            return
        rest = self._rest([*blocks] or [section(text)])
        if rest:
            body = {**block_kit.message(text), "blocks": rest, "replace_original": True}
            self.deps.response_urls.send(self.response_url, body)
        else:
            self.answer(text, blocks, replace=self.in_direct_message)
        if self.kind == "view_submission" and self.body["view"].get("previous_view_id"):
            self.reply(response_action="clear")

    def _say_at_home(self, text: str) -> None:
        """Say what was done on top of the person's home tab, which is drawn anew."""
        with self.deps.db.begin() as session:
            home_tabs.changed(session, self.workspace, self.user, cut(text, HOME), self.now)

    def done_here(self, text: str) -> None:
        """Say beneath the one block that was pressed what was done; the rest of the message stays as it is."""
        shown = (self.body.get("message") or {}).get("blocks") or []
        if not (self.in_direct_message and self.response_url and shown):
            self.done(text)
            return
        blocks = block_kit.said_beneath(shown, self.action_block, text)
        self.deps.response_urls.send(
            self.response_url, {**block_kit.message(text), "blocks": blocks, "replace_original": True}
        )

    def _rest(self, said: Sequence[Block]) -> list[dict[str, Any]] | None:
        """Give a direct message that holds several matters, with what was done in place of the one pressed."""
        if self.kind != "block_actions" or not (self.in_direct_message and self.response_url):
            return None
        shown = (self.body.get("message") or {}).get("blocks") or []
        return block_kit.without(shown, self.action_block, said)

    def open(self, view: dict[str, Any]) -> None:
        """Open a form, or put it on top of the one from which it was asked for.

        Raises Refusal where Slack does not take it.
        """
        client = self.deps.slack(self.workspace)
        trigger = self.body["trigger_id"]
        try:
            if self.body.get("view", {}).get("type") == "modal" and self.kind == "block_actions":
                client.views_push(trigger_id=trigger, view=view)
            else:
                client.views_open(trigger_id=trigger, view=view)
        except TROUBLE as error:
            log.warning("view not opened", error=type(error).__name__, callback=view.get("callback_id"))
            if isinstance(error, SlackApiError) and error.response.get("error") == "missing_scope":
                raise Refusal(
                    "I lack a permission that this form needs. Whoever looks after me can install me once more from "
                    "the manifest; until then, `/consortium help` shows what can be typed."
                ) from None
            raise Refusal("Slack was slow just now and the form did not open. Press once more.") from None

    def change(self, view: dict[str, Any]) -> None:
        """Put another form in place of the one on which something was pressed."""
        current = self.body["view"]
        try:
            self.deps.slack(self.workspace).views_update(view_id=current["id"], view=view)
        except TROUBLE as error:
            log.warning("view not changed", error=type(error).__name__)

    def reply(self, **acknowledgement: Any) -> None:
        """Answer a submitted form with another form or with errors at its fields."""
        self._said = acknowledgement

    def refuse(self, refusal: Refusal) -> None:
        """Say kindly that it cannot be done."""
        if self.kind == "view_submission":
            if refusal.field:
                self.reply(response_action="errors", errors={refusal.field: unformatted(refusal.sentence)})
            else:
                said = _refusal_blocks(refusal)
                self.reply(response_action="update", view=block_kit.notice("Not done", said))
        elif self.kind in {"block_actions", "shortcut"} and not self.response_url:
            self._refuse_without_address(refusal)
        else:
            self.answer(refusal.sentence, _refusal_blocks(refusal))

    def _refuse_without_address(self, refusal: Refusal) -> None:
        """Answer a global shortcut, a press in a form or on the home tab: Slack gives no address for an answer."""
        view = block_kit.notice("Not done", _refusal_blocks(refusal))
        try:
            self.open(view)
        except Refusal:
            log.info("refusal not shown", feature=self.kind)

    def fault(self, bug: Exception) -> None:
        """Say that something of ours went wrong, with a reference that leads to the log line."""
        reference = "".join(secrets.choice(_LETTERS) for _ in range(5))
        reference = f"{reference[:2]}-{reference[2:]}"
        log.error("fault", reference=reference, kind=self.kind, team=self.workspace, exc_info=bug)
        self._said = None
        self.refuse(
            Refusal(
                "That did not work, and it is not your doing. Nothing was changed. If it happens again, this "
                f"helps us find it: {escape(reference)}."
            )
        )

    def acknowledge(self, ack: Ack) -> None:
        """Tell Slack that this was taken: everything is on disk by now."""
        ack(**self._said) if self._said else ack()


def _sentence(text: str) -> dict[str, Any]:
    """Draw an answer of one sentence by hand: slack_sdk's models would take as long as a query."""
    if len(text) > SECTION:
        return block_kit.message(text, [section(text)], response_type="ephemeral")
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    return {
        "text": text,
        "unfurl_links": False,
        "unfurl_media": False,
        "response_type": "ephemeral",
        "blocks": [block],
    }


def _refusal_blocks(refusal: Refusal) -> list[Block]:
    buttons = [block_kit.button(button.label, button.action_id, button.value) for button in refusal.buttons]
    return [section(refusal.sentence), *([block_kit.row(*buttons)] if buttons else [])]


Listener = Callable[[SlackRequest], None]
"""Answers a command, an action, a form, an event or a shortcut."""

Subcommand = Callable[[SlackRequest, Typed], None]
"""Answers a command whose first word is registered, with everything that was typed."""
