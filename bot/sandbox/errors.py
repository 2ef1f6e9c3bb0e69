"""The two ways to say no: as Slack's API says it, and in words to whoever drives the sandbox."""

from typing import Any


class SlackError(Exception):
    """Refuse a call of the Web API with Slack's own error code."""

    def __init__(self, code: str, messages: list[str] | None = None, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []
        self.more = more

    def body(self) -> dict[str, Any]:
        """Give the answer's body as Slack shapes it."""
        body = {"ok": False, "error": self.code, **self.more}
        if self.messages:
            body["response_metadata"] = {"messages": self.messages}
            body["errors"] = [message.removeprefix("[ERROR] ") for message in self.messages]
        return body


class ControlError(Exception):  # noqa: N818 - it is not always an error of a program
    """Refuse a call of the control interface with a sentence."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
