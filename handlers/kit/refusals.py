"""Refusals: sentences to people, and requests that nobody can read. Every other exception is a bug."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.kit.text import escape, join_names, truncate
from storage.vocabulary import Language


@dataclass(frozen=True)
class RefusalButton:
    """A button below a refusal, as plain values."""

    label: str
    action_id: str
    value: str = ""


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error
    """The request cannot be fulfilled. `sentence` explains why and what the person can do next.

    `field` is the block id of the input at which a form shows the sentence. `buttons` follow the sentence everywhere
    else. `language` is that of the sentence.
    """

    def __init__(
        self,
        sentence: str,
        *,
        field: str | None = None,
        buttons: Sequence[RefusalButton] = (),
        language: Language = Language.ENGLISH,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.buttons = buttons
        self.language = language

    def with_example(self, more: str, field: str | None = None) -> "Refusal":
        """Return the refusal with a further sentence, such as an example, and with the input it belongs to."""
        return Refusal(f"{self.sentence} {more}", field=field, buttons=self.buttons, language=self.language)


class Malformed(Exception):  # noqa: N818 - it describes what was sent, and is no fault of ours
    """A request that Slack never sends for what the bot shows: forged, or from a version that is long gone.

    The text names what cannot be read, without its value, because it goes to the log.
    """


@dataclass(frozen=True)
class Reading:
    """One way to read what was typed: the label of its button, and the text that can be read in this way only.

    With `quoted`, the text is several words that belong together.
    """

    label: str
    text: str
    quoted: bool = False


class Ambiguous(Refusal):
    """What was typed can be read in several ways. `typed` is the ambiguous part of the command's text.

    A command asks with one button for each reading, and with `buttons` after them. A form shows the sentence at its
    input, so the sentence names the readings too.
    """

    def __init__(
        self,
        sentence: str,
        typed: str,
        readings: Sequence[Reading],
        *,
        field: str | None = None,
        buttons: Sequence[RefusalButton] = (),
    ) -> None:
        super().__init__(sentence, field=field, buttons=buttons)
        self.typed = typed
        self.readings = readings

    def with_example(self, more: str, field: str | None = None) -> "Ambiguous":  # noqa: ARG002 - buttons need none
        """Return the question itself: its buttons say what can be done next."""
        return Ambiguous(self.sentence, self.typed, self.readings, field=field)

    def within(self, typed: str) -> "Ambiguous":
        """Return the question for a longer text in which the ambiguous part occurs as whole words."""
        part = re.compile(rf"(?<![\w#/]){re.escape(self.typed)}(?![\w/])")
        readings = [
            replace(reading, text=part.sub(lambda _, text=reading.text: text, typed, count=1))  # type: ignore[misc]
            for reading in self.readings
        ]
        return Ambiguous(self.sentence, typed, readings, field=self.field)


def ambiguous(typed: str, readings: Sequence[Reading], *, field: str | None = None) -> Ambiguous:
    """Return the question which of several readings of a text is meant."""
    ways = escape(join_names([reading.label for reading in readings], last="or"))
    sentence = f"“{escape(truncate(typed, 60))}” could mean {ways}. Which one do you mean?"
    return Ambiguous(sentence, typed, readings, field=field)


class Repeat(Exception):  # noqa: N818 - as above
    """Slack sent a request a second time. It is answered without doing the work again."""
