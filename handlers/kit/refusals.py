"""A refusal is a sentence to a person; everything else that goes wrong is a bug."""

from slack_sdk.models.blocks import Block


class Refusal(Exception):  # noqa: N818 - it is no error: it is an answer
    """What was asked cannot be done, and this says so kindly, with the way forward.

    `field` names the block of a form at which it is shown. `blocks` replace the plain sentence where a button
    leads on.
    """

    def __init__(self, sentence: str, *, field: str | None = None, blocks: list[Block] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.blocks = blocks


class Repeat(Exception):  # noqa: N818 - as above
    """Slack says again what it has said already: it is answered without working again."""
