"""Refusals: sentences to people. Every other exception is a bug."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RefusalButton:
    """A button below a refusal, as plain values."""

    label: str
    action_id: str
    value: str = ""


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """The request cannot be fulfilled. `sentence` explains why and what the person can do next.

    `field` is the block id of the input at which a form shows the sentence. `buttons` follow the sentence everywhere
    else.
    """

    def __init__(self, sentence: str, *, field: str | None = None, buttons: Sequence[RefusalButton] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.buttons = buttons


class Repeat(Exception):  # noqa: N818 - as above
    """Slack sent a request a second time. It is answered without doing the work again."""
