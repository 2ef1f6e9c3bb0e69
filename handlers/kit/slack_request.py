"""One request from Slack, as a listener meets it."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any, TypeVar

import structlog
from slack_bolt import Ack
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import InteractiveElement
from sqlalchemy.orm import Session

from handlers.kit import blocks as kit
from handlers.kit.callers import Caller, Needs, identify
from handlers.kit.deps import Deps
from handlers.kit.directory import TROUBLE
from handlers.kit.payload import Payload
from handlers.kit.refusals import Refusal, Repeat
from handlers.kit.text import SECTION, cut, escape, section, unformatted
from storage import home_tabs, idempotency
from storage.voting import Voter

log = structlog.get_logger()

Paper = TypeVar("Paper")
Read = Callable[[Session, str, str, str, int], tuple[Voter | None, Paper | None]]

LOOK = "Have a look"
"""The title of a window that shows what elsewhere would be an answer in a channel."""

HOME = 500
"""So much of what was done stands on top of a home tab."""

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class Ask(Payload):
    """What came from Slack, and the few things one may do with it.

    A listener has four beats: who asks and may they; read what was typed; one transaction (`begin`); answer.
    The acknowledgement is sent when the listener has returned, so what was acknowledged is stored.
    """

    def __init__(self, deps: Deps, body: dict[str, Any]) -> None:
        super().__init__(body)
        self.deps = deps
        self.now: datetime = deps.clock.now()
        self._said: dict[str, Any] | None = None

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

    def _repeat_key(self) -> str:
        """Name what makes this request the same as another; presses repeat without harm and need none."""
        if self.kind == "view_submission":
            return f"view:{self.body['view']['id']}"
        if self.kind == "command":
            return f"trigger:{self.body.get('trigger_id', '')}"
        if self.kind == "event_callback":
            return f"event:{self.body['event_id']}"
        return ""

    # answers -------------------------------------------------------------------------------------------

    def answer(self, text: str, blocks: Sequence[Block] | None = None, *, replace: bool = False) -> None:
        """Say something that only the person sees; with `replace` in place of what was pressed."""
        body = kit.message(text, blocks, response_type="ephemeral") if blocks else _sentence(text)
        if self.kind == "command":
            self._said = body
        elif self.response_url:
            self.deps.whispers.send(self.response_url, {**body, "replace_original": replace})
        elif self.on_home and blocks:
            self.open(kit.notice(LOOK, blocks))
        elif self.on_home:
            self._say_at_home(text)
        elif self.in_window:
            self.change(kit.notice(LOOK, blocks or [section(text)]))

    def done(self, text: str, *buttons: InteractiveElement, instead: Sequence[Block] = ()) -> None:
        """Say what was done, where the person looks: in place of the form, the reminder, or just below.

        Forms beneath the one that was submitted show what was before, so they are closed with it. `instead` are blocks
        that say it where a sentence and buttons are not enough.
        """
        blocks: list[Block] = [section(text), kit.row(*buttons)] if buttons else [*instead]
        if self.on_home:
            self._say_at_home(text)
            return
        if self.in_window:
            self.change(kit.notice("Noted", [section(text)]))
            return
        if self.kind == "view_submission" and not self.response_url:
            # it began where Slack gives no address for an answer, so the form itself says it, and closes as a whole
            said = kit.notice("Noted", blocks or [section(text)])
            self.reply(response_action="update", view={**said, "clear_on_close": True})
            self._say_at_home(text)
            return
        rest = self._rest([*blocks] or [section(text)])
        if rest:
            body = {**kit.message(text), "blocks": rest, "replace_original": True}
            self.deps.whispers.send(self.response_url, body)
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
        blocks = kit.said_beneath(shown, self.action_block, text)
        self.deps.whispers.send(self.response_url, {**kit.message(text), "blocks": blocks, "replace_original": True})

    def _rest(self, said: Sequence[Block]) -> list[dict[str, Any]] | None:
        """Give a direct message that holds several matters, with what was done in place of the one pressed."""
        if self.kind != "block_actions" or not (self.in_direct_message and self.response_url):
            return None
        shown = (self.body.get("message") or {}).get("blocks") or []
        return kit.without(shown, self.action_block, said)

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
                said = refusal.blocks or [section(refusal.sentence)]
                self.reply(response_action="update", view=kit.notice("Not done", said))
        elif self.kind in {"block_actions", "shortcut"} and not self.response_url:
            self._refuse_without_address(refusal)
        else:
            self.answer(refusal.sentence, refusal.blocks or [section(refusal.sentence)])

    def _refuse_without_address(self, refusal: Refusal) -> None:
        """Answer a global shortcut, a press in a form or on the home tab: Slack gives no address for an answer."""
        view = kit.notice("Not done", refusal.blocks or [section(refusal.sentence)])
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
        return kit.message(text, [section(text)], response_type="ephemeral")
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    return {
        "text": text,
        "unfurl_links": False,
        "unfurl_media": False,
        "response_type": "ephemeral",
        "blocks": [block],
    }
