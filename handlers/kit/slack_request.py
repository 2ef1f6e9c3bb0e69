"""A request from Slack, as listeners get it: what Slack sent, who sent it, and the ways to answer."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from slack_bolt import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import InteractiveElement
from slack_sdk.web import SlackResponse

from handlers.kit import block_kit
from handlers.kit.block_kit import SECTION_CHARACTERS, divider, section
from handlers.kit.caller_request import CallerRequest
from handlers.kit.command_text import CommandText
from handlers.kit.deps import Deps
from handlers.kit.directory import SLACK_ERRORS, describe_error
from handlers.kit.isolation import describe
from handlers.kit.payload import parsed
from handlers.kit.refusals import Refusal
from handlers.kit.text import escape, strip_mrkdwn, truncate
from handlers.kit.visibility import MembershipUnknown
from storage import home_tabs
from storage.database import run_again
from storage.vocabulary import DraftId, Language

log = structlog.get_logger()

ANSWER_TITLE = "Answer"
"""Title of the form that shows an answer where Slack offers no private message."""

_DONE = {Language.ENGLISH: "Done", Language.SPANISH: "Listo"}
_NOT_DONE = {Language.ENGLISH: "Not done", Language.SPANISH: "No se hizo"}

RESPONSE_URL_LIVES = timedelta(minutes=29)
"""How long a `response_url` is used: Slack accepts it for half an hour. A form can be open longer."""

REFUSAL_BLOCKS = ("refusal", "refusal.buttons")
"""Block ids of what a refusal adds to a form, so that the next one replaces it."""

WINDOW_PARTS = ("window", "shows")
"""What a form carries of the window in which it was opened: its name, and what it shows."""

FORM_PARTS = ("callback_id", "title", "submit", "close", "private_metadata")
"""What remains of a form that is shown again, apart from its blocks."""

LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "trigger_expired", "trigger_exchanged"})
"""Errors that Slack gives when a form opens more than three seconds after the press, or a second time."""

HOME_TAB_LIMIT = 500
"""Characters of a result that the top of a home tab shows."""

_NO_COMMANDS: Mapping[str, "RegisteredCommand"] = {}

RenderWindow = Callable[["SlackRequest", str], dict[str, Any]]
"""Renders a window, which is a form that shows something and has buttons. Its value tells what it shows.

Raise Refusal where the person may not see it, or where it no longer exists.
"""

_NO_WINDOWS: Mapping[str, RenderWindow] = {}

_REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class SlackRequest(CallerRequest):
    """A request from Slack, and what a listener can do with it.

    A listener has four steps: check the caller, parse the input, run one transaction (`begin`), answer. The
    acknowledgement is sent after the listener has returned, so everything that was acknowledged is stored.
    """

    def __init__(
        self,
        deps: Deps,
        body: dict[str, Any],
        commands: Mapping[str, "RegisteredCommand"] = _NO_COMMANDS,
        windows: Mapping[str, RenderWindow] = _NO_WINDOWS,
    ) -> None:
        super().__init__(deps, body)
        self.commands = commands
        self.windows = windows
        self._received = body
        self._answered = False
        self._answers: list[tuple[str, Sequence[Sequence[dict[str, Any]]]]] = []
        self._opened_form = ""
        self._acknowledgement: dict[str, Any] | None = None

    @property
    def origin(self) -> dict[str, Any]:
        """Return what a form has to carry so that its answer reaches the place where it was opened.

        `since` is when Slack gave the address for the answer, in Unix seconds. The name and value of a window, if the
        form is opened from one, lead back to it.
        """
        since = self._address_since or int(self.now.timestamp())
        window = {part: self.metadata[part] for part in WINDOW_PARTS if part in self.metadata}
        return {**super().origin, **({"since": since} if self.response_url else {}), **window}

    @property
    def response_url(self) -> str:
        """Return the URL for private answers. Empty if there is none, or if the form was open for too long."""
        since = self._address_since
        is_old = since is not None and self.now.timestamp() - since > RESPONSE_URL_LIVES.total_seconds()
        return "" if is_old and not self.body.get("response_url") else super().response_url

    @property
    def _address_since(self) -> int | None:
        since = self.metadata.get("since")
        return None if since is None else int(parsed(float, since, "private_metadata.since"))

    @property
    def subcommands(self) -> Mapping[str, "Subcommand"]:
        """Return the subcommands of the slash command, by their first word."""
        return self.commands[self.command].words

    def run_again(self, draft: DraftId, command: str, text: str) -> None:
        """Run a command from its draft, as if its author had typed this text. Its answer replaces the question."""
        self.body = {**self.body, "command": command, "text": text}
        self.draft = draft
        # a reading may name a person by the id alone
        self.name_mentions()
        self.commands[command].listener(self)
        if not self._answered:
            self.answer("The form is open.")

    def start_over(self) -> None:
        """Forget what the listener has prepared, so that it can run from its beginning. Nothing was stored yet.

        No answer has left so far: they all leave with the acknowledgement. A form that was opened is changed instead of
        opened again, because Slack accepts a trigger only once.
        """
        self.body, self.draft = self._received, None
        self._answered, self._acknowledgement = False, None
        self._answers.clear()

    # answers -------------------------------------------------------------------------------------------

    def answer(self, text: str, blocks: Sequence[Block] | None = None, *, replace: bool | None = None) -> None:
        """Answer so that only the person sees it.

        With `replace`, the answer replaces the message with the button. Unless it is given, only the question about a
        draft is replaced.
        """
        self._answered = True
        replace = self.draft is not None if replace is None else replace
        body = block_kit.message(text, blocks, response_type="ephemeral") if blocks else _sentence(text)
        if self.kind == "command":
            self._acknowledgement = body
        elif self._in_window:
            # a private message would be behind the window
            self.open_form(block_kit.info_form(ANSWER_TITLE, blocks or [section(text)]))
        elif self.response_url:
            self._send([{**body, "replace_original": replace}])
        elif self.on_home_tab and blocks:
            self.open_form(block_kit.info_form(ANSWER_TITLE, blocks))
        elif self.on_home_tab:
            self._show_on_home_tab(text)
        elif self.in_form:
            self.replace_form(block_kit.info_form(ANSWER_TITLE, blocks or [section(text)]))
        elif self.kind == "view_submission":
            view = block_kit.info_form(ANSWER_TITLE, blocks or [section(text)])
            self.acknowledge_form(response_action="update", view=view)

    def _send(self, *answers: Sequence[dict[str, Any]]) -> None:
        """Send answers to the `response_url` together with the acknowledgement."""
        self._answers.append((self.response_url, answers))

    def answer_with_chart(
        self, text: str, blocks: Sequence[Block], chart: dict[str, Any] | None, in_words: dict[str, Any] | None
    ) -> None:
        """Answer so that only the person sees it, and below it with a message of its own, which Slack may refuse.

        An acknowledgement and a message at a `response_url` overtake each other, so both are sent there, in turn.
        """
        if not chart or not self.response_url:
            self.answer(text, blocks)
            return
        self._answered = True
        first = {**block_kit.message(text, blocks, response_type="ephemeral"), "replace_original": False}
        plain = {"text": block_kit.words_of(blocks) or text, "response_type": "ephemeral", "replace_original": False}
        self._send([first, plain], [chart, in_words] if in_words else [chart])

    def show_result(
        self,
        text: str,
        *buttons: InteractiveElement,
        instead: Sequence[Block] = (),
        language: Language = Language.ENGLISH,
    ) -> None:
        """Show the result where the person looks: in place of the form or the reminder, or in a private message.

        Forms below the one that was submitted show an old state, so they are closed too. `instead` replaces the
        sentence and the buttons where these are not enough. `text` is in `language`.
        """
        blocks: list[Block] = [section(text), block_kit.actions(*buttons)] if buttons else [*instead]
        said = blocks or [section(text)]
        if self.on_home_tab:
            self._show_on_home_tab(text)
            return
        if self.in_form:
            self.replace_form(
                self._window_after(said) or block_kit.info_form(_DONE[language], [section(text)], language)
            )
            return
        window = self._window_after(said) if self.kind == "view_submission" else None
        below = (self.body.get("view") or {}).get("previous_view_id")
        if window is not None and below:
            # the form closes by itself, and the window below it is seen again
            self._update_view(below, window)
            return
        if self.kind == "view_submission" and not self.response_url:
            # without a response_url the form itself shows the result, and closes with the forms below it
            view = block_kit.info_form(_DONE[language], said, language)
            self.acknowledge_form(response_action="update", view={**view, "clear_on_close": True})
            self._show_on_home_tab(text)
            return
        combined = self._replace_own_part(said)
        if combined:
            self._replace_message(text, combined)
        else:
            self.answer(text, blocks, replace=self.in_direct_message or None)
        if self.kind == "view_submission" and self.view.get("previous_view_id"):
            self.acknowledge_form(response_action="clear")

    def show_result_below(self, text: str, *buttons: InteractiveElement) -> None:
        """Show the result below the section whose accessory was pressed, and leave the rest of the message as it is.

        Anywhere else, show the result as `show_result` does, with its buttons.
        """
        if self.in_direct_message and self.response_url and self.in_list:
            self._replace_message(text, block_kit.append_to_section(self._blocks_as_sent(), self.block_id, text))
        else:
            self.show_result(text, *buttons)

    def _replace_own_part(self, result: Sequence[Block]) -> list[dict[str, Any]] | None:
        """Return the blocks of a combined direct message, with the result in place of the part with the button.

        Return None if the button is elsewhere.
        """
        if self.kind != "block_actions" or not (self.in_direct_message and self.response_url):
            return None
        return block_kit.replace_part(self._blocks_as_sent(), self.block_id, result)

    def _blocks_as_sent(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = block_kit.restore_plain_texts(self.message_blocks)
        return blocks

    def _replace_message(self, text: str, blocks: list[dict[str, Any]]) -> None:
        body = {**block_kit.message(text), "blocks": blocks, "replace_original": True}
        self._send([body])

    def _show_on_home_tab(self, text: str) -> None:
        """Show the result at the top of the person's home tab, which is published again."""

        def record() -> None:
            with self.deps.db.begin() as session:
                home_tabs.record_action(session, self.workspace, self.user, truncate(text, HOME_TAB_LIMIT), self.now)

        run_again(record)

    # forms ---------------------------------------------------------------------------------------------

    def open_form(self, view: dict[str, Any], *, unscoped: dict[str, Any] | None = None) -> None:
        """Open a form, on top of the form with the button if there is one. Raise Refusal if Slack does not open it.

        `unscoped` is opened instead where the app lacks a permission that the form needs.
        """
        client = self.deps.slack(self.workspace)
        trigger = self.body["trigger_id"]
        try:
            if self._opened_form:
                opened = client.views_update(view_id=self._opened_form, view=view)
            elif self.body.get("view", {}).get("type") == "modal" and self.kind == "block_actions":
                opened = self._push_form(client, trigger, view)
            else:
                opened = client.views_open(trigger_id=trigger, view=view)
            self._opened_form = opened["view"]["id"]
        except SLACK_ERRORS as error:
            log.warning("view not opened", error=type(error).__name__, callback=view.get("callback_id"))
            if isinstance(error, SlackApiError) and error.response.get("error") == "missing_scope":
                if unscoped is not None:
                    self.open_form(unscoped)
                    return
                raise Refusal(
                    "I am missing a permission that this form needs. The person who manages this app can reinstall it "
                    "from the manifest. Until then, `/consortium help` lists the commands you can type."
                ) from None
            if not isinstance(error, SlackApiError) or error.response.get("error") in LATE:
                raise Refusal("Slack was slow just now, so the form did not open. Please try again.") from None
            raise Refusal(describe_error(error)) from None

    def _push_form(self, client: WebClient, trigger: str, view: dict[str, Any]) -> SlackResponse:
        """Open a form on top of the one with the button or, where no more fit on top of each other, in its place."""
        try:
            return client.views_push(trigger_id=trigger, view=view)
        except SlackApiError as error:
            if error.response.get("error") != "push_limit_reached":
                raise
        return client.views_update(view_id=self.view["id"], view=view)

    def show_window(self, name: str, value: str = "") -> None:
        """Open a window; from a button in the same kind of window, show it there instead."""
        view = self._render_window(name, value)
        if self.in_form and self.metadata.get("window") == name:
            self.replace_form(view)
        else:
            self.open_form(view)

    @property
    def _in_window(self) -> bool:
        return self.in_form and self.metadata.get("window") in self.windows

    def _render_window(self, name: str, value: str) -> dict[str, Any]:
        view = self.windows[name](self, value)
        origin = {part: content for part, content in self.origin.items() if part not in WINDOW_PARTS}
        return {**view, "private_metadata": block_kit.private_metadata({**origin, "window": name, "shows": value})}

    def _window_after(self, result: Sequence[Block]) -> dict[str, Any] | None:
        """Return the window from which the request came as it is now, with the result above it.

        Return None if there is none, or if what it showed is gone.
        """
        name = str(self.metadata.get("window") or "")
        if name not in self.windows:
            return None
        try:
            view = self._render_window(name, str(self.metadata.get("shows") or ""))
        except MembershipUnknown as unknown:
            # the request cannot start again, because what the person did is stored
            if not self._has_answer_about(unknown.channel):
                return None
            return self._window_after(result)
        except Refusal:
            return None
        above = [block.to_dict() for block in (*result, divider())]
        return {**view, "blocks": [*above, *view["blocks"]][: block_kit.FORM_BLOCKS]}

    def replace_form(self, view: dict[str, Any]) -> None:
        """Replace the form with the button by another one."""
        self._update_view(self.view["id"], view)

    def _update_view(self, view_id: str, view: dict[str, Any]) -> None:
        try:
            self.deps.slack(self.workspace).views_update(view_id=view_id, view=view)
        except SLACK_ERRORS as error:
            log.warning("view not changed", error=type(error).__name__)

    def acknowledge_form(self, **acknowledgement: Any) -> None:
        """Acknowledge a submitted form with a response action: another form, or errors at its inputs."""
        self._acknowledgement = acknowledgement

    # refusals and bugs ---------------------------------------------------------------------------------

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal where the person looks."""
        if self.kind == "view_submission":
            if refusal.field:
                self.acknowledge_form(response_action="errors", errors={refusal.field: strip_mrkdwn(refusal.sentence)})
            else:
                self.acknowledge_form(response_action="update", view=self._refused_form(refusal))
        elif self.kind in {"block_actions", "shortcut"} and not self.response_url:
            self._refuse_in_form(refusal)
        else:
            # the question about a draft stays: its other buttons may be what the person wants now
            self.answer(refusal.sentence, refusal_blocks(refusal), replace=False)

    def _refused_form(self, refusal: Refusal) -> dict[str, Any]:
        """Return the submitted form with the refusal above it. Slack keeps what was typed into the same inputs.

        A form that did its work, or that has no room, is replaced.
        """
        view, above = self.body["view"], refusal_blocks(refusal)
        blocks = [block for block in view.get("blocks") or [] if block.get("block_id") not in REFUSAL_BLOCKS]
        if self.stored or not blocks or len(blocks) + len(above) > block_kit.FORM_BLOCKS:
            return _refusal_form(refusal)
        said = [{**block.to_dict(), "block_id": name} for block, name in zip(above, REFUSAL_BLOCKS, strict=False)]
        kept = {part: view[part] for part in FORM_PARTS if view.get(part)}
        return {"type": "modal", **kept, "blocks": [*said, *blocks]}

    def _refuse_in_form(self, refusal: Refusal) -> None:
        """Show a refusal where Slack offers no `response_url`: for global shortcuts, in forms, on the home tab."""
        try:
            self.open_form(_refusal_form(refusal))
        except Refusal:
            log.info("refusal not shown", feature=self.kind)

    def report_bug(self, bug: Exception) -> None:
        """Tell the person that the bot failed, with a reference that leads to the log line."""
        reference = "".join(secrets.choice(_REFERENCE_LETTERS) for _ in range(5))
        reference = f"{reference[:2]}-{reference[2:]}"
        log.error("fault", reference=reference, kind=self.kind, team=self.workspace, **describe(bug))
        self._acknowledgement = None
        self._answers.clear()
        happened = (
            "What you did is stored, but I could not show you the result, and that was our fault."
            if self.stored
            else "That did not work, and it was our fault. Nothing has changed."
        )
        self.refuse(Refusal(f"{happened} If it happens again, this helps us find it: {escape(reference)}."))

    def acknowledge(self, ack: Ack) -> None:
        """Acknowledge the request, and send its answers. Everything is on disk by now."""
        for url, answers in self._answers:
            self.deps.response_urls.send(url, *answers)
        ack(**self._acknowledgement) if self._acknowledgement else ack()


def _sentence(text: str) -> dict[str, Any]:
    """Build an answer of one sentence without slack_sdk's models, which take as long as a query."""
    if len(text) > SECTION_CHARACTERS:
        return block_kit.message(text, [section(text)], response_type="ephemeral")
    block = {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    return {
        "text": text,
        "unfurl_links": False,
        "unfurl_media": False,
        "response_type": "ephemeral",
        "blocks": [block],
    }


def _refusal_form(refusal: Refusal) -> dict[str, Any]:
    return block_kit.info_form(_NOT_DONE[refusal.language], refusal_blocks(refusal), refusal.language)


def refusal_blocks(refusal: Refusal) -> list[Block]:
    """Render a refusal with its buttons."""
    buttons = [block_kit.button(button.label, button.action_id, button.value) for button in refusal.buttons]
    return [section(refusal.sentence), *([block_kit.actions(*buttons)] if buttons else [])]


Listener = Callable[[SlackRequest], None]
"""Handles a command, an action, a form, an event or a shortcut."""

Subcommand = Callable[[SlackRequest, CommandText], None]
"""Handles a command whose first word is registered, with its parsed text."""


@dataclass(frozen=True)
class RegisteredCommand:
    """A slash command as all features together register it: its listener, and its subcommands by their first word."""

    listener: Listener
    words: Mapping[str, Subcommand]
