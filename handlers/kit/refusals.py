"""A refusal is a sentence to a person; everything else that goes wrong is a bug."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RefusalButton:
    """A button that leads on from a refusal, as plain values."""

    label: str
    action_id: str
    value: str = ""


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """The request cannot be fulfilled. `sentence` says so kindly and names the way forward.

    `field` is the block id of the form field at which the sentence is shown. `buttons` follow the sentence where a
    form field cannot show it.
    """

    def __init__(self, sentence: str, *, field: str | None = None, buttons: Sequence[RefusalButton] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.buttons = buttons


class Repeat(Exception):  # noqa: N818 - as above
    """Slack sent a request a second time. It is answered without doing the work again."""
