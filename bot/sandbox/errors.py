"""The two kinds of refusal: Slack's error codes for the app, and sentences for the control interface."""

from typing import Any


class SlackError(Exception):
    """Refuse a Web API call with one of Slack's error codes."""

    def __init__(self, code: str, messages: list[str] | None = None, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.more = more

    def body(self) -> dict[str, Any]:
        """Return the response body in Slack's shape."""
        body = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
            body["errors"] = [message.removeprefix("[ERROR] ") for message in self.messages]
        return body


class ControlError(Exception):
    """Refuse a call of the control interface with a sentence."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
