"""Commands that can be read in several ways wait as drafts until their author has pressed a button."""

import html
import re
from collections.abc import Sequence
from datetime import timedelta

from handlers.kit import quotes
from handlers.kit.block_kit import LABEL_CHARACTERS, actions, button, section
from handlers.kit.callers import identify
from handlers.kit.command_text import parse_row_id
from handlers.kit.refusals import Ambiguous, Reading, Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import escape, truncate
from storage import drafts, polls
from storage.vocabulary import DraftId

OPEN_TO_ALL = "/consortium"
"""The command that outsiders use too, to join."""

GONE = (
    "I no longer have what you typed: it was used already, or it is more than half an hour old. If you still need it, "
    "type it again."
)

NOT_KEPT = (
    "I have not kept what you typed, because it may be a vote in an anonymous poll. Type it again. To vote, name the "
    "choice by its number: `/vote 14 2`"
)

SECRET_AFTER_CLOSING = timedelta(days=1)
"""How long after the end of an anonymous poll what people type may still be meant as a vote."""

_BEFORE_VALUE = re.compile(rf"[A-Za-z]:\s*[{quotes.MARKS}]?\s*$")


def ask(request: SlackRequest, question: Ambiguous) -> None:
    """Ask with a button for each reading, and keep the command as a draft.

    Raise the question itself, which is a sentence, if nothing was typed that could be run again, and Refusal for people
    who may not use the command, and for a text that may be a vote in an anonymous poll: it is never kept.
    """
    texts = [choose_reading(request.text, question.typed, reading) for reading in question.readings]
    if not request.command or not texts or not all(texts):
        raise question
    may_be_secret = _may_be_secret(request)
    with request.begin("anyone") as (session, caller):
        if caller.found is not None and request.command != OPEN_TO_ALL:
            identify(session, request.workspace, request.home, request.user, "member")
        if may_be_secret:
            raise Refusal(f"{question.sentence} {NOT_KEPT}", buttons=question.buttons)
        draft_id = drafts.add(session, request.workspace, request.user, request.command, texts, request.now)
    sentence, labels = sentence_and_labels(question)
    buttons = [button(label, f"draft.choose.{place}", str(draft_id)) for place, label in enumerate(labels)]
    more = [button(other.label, other.action_id, other.value) for other in question.buttons]
    request.answer(sentence, [section(sentence), actions(*buttons, *more)])


def _may_be_secret(request: SlackRequest) -> bool:
    """Return whether a text names, anywhere, the number of an anonymous poll in which people vote or just have.

    A poll of a private channel counts only for people who are in it, or about whom Slack does not answer: the others
    learn nothing of it.
    """
    named = {int(digits) for digits in re.findall(r"\d{1,9}", request.text)}
    with request.read("anyone") as (session, caller):
        if caller.found is None:
            return False
        since = request.now - SECRET_AFTER_CLOSING
        listed = polls.list_anonymous(session, caller.consortium.id, named, since)
        private = {(poll.team_id, poll.channel) for poll in listed if poll.private}
        if len(listed) > len([poll for poll in listed if poll.private]):
            return True
    return any(request.is_in(channel, otherwise=True) for channel in sorted(private))


def choose(request: SlackRequest) -> None:
    """Run a draft in the way that was chosen. Raise Refusal if it is gone, or is somebody else's."""
    draft_id, place = DraftId(parse_row_id(request.value)), parse_row_id(request.action["action_id"].split(".")[-1])
    with request.deps.db.read() as session:
        draft = drafts.find(session, draft_id, request.workspace, request.user, request.now)
        if draft is None or place >= len(draft.readings):
            raise Refusal(GONE)
        command, text = draft.command, draft.readings[place]
    request.run_again(draft_id, command, text)


def choose_reading(text: str, typed: str, reading: Reading) -> str:
    """Return a command's text with a reading in place of the ambiguous part. Empty if the part does not occur.

    The part may occur elsewhere too: within a longer quoted text it stays as it is, and the value of an option takes
    precedence over other words.
    """
    if typed == text:
        return reading.text
    words = r"\s+".join(re.escape(html.escape(word, quote=False)) for word in typed.split())
    quoted = quotes.readings(text)[0]
    places = []
    for match in re.finditer(rf"(?i)(?<![\w/])(?:{words})(?![\w/]|\.\d)", text):
        around = next((text[b + 1 : q.close] for b, q in quoted.items() if b < match.start() < q.end), None)
        if around is None or around.strip() == match[0]:
            places.append((match.span(), around is not None))
    in_options = [place for place in places if _BEFORE_VALUE.search(text, 0, place[0][0])]
    for (begin, end), in_quotes in reversed(in_options or places):
        chosen = quotes.wrap(reading.text) if reading.quoted and not in_quotes else reading.text
        text = f"{text[:begin]}{chosen}{text[end:]}"
    return text if places else ""


def sentence_and_labels(question: Ambiguous) -> tuple[str, Sequence[str]]:
    """Return the question and the labels of its buttons: the readings, or numbers if they are long or look alike."""
    labels = [reading.label for reading in question.readings]
    if len(set(labels)) == len(labels) and max(map(len, labels)) <= LABEL_CHARACTERS:
        return question.sentence, labels
    lines = [f"{number}. {escape(truncate(label, 600))}" for number, label in enumerate(labels, start=1)]
    return "\n".join([question.sentence, *lines]), [str(number) for number in range(1, len(labels) + 1)]
