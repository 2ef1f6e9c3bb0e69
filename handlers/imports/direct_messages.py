"""What people write and drop into their direct messages with the bot: tables, and calendars of closed days.

It stands here because one event brings both, and imports may use the features below it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.holidays import calendars, closed_days
from handlers.holidays import parsing as holiday_parsing
from handlers.imports import drafts, parsing, views
from handlers.kit import block_kit
from handlers.kit.block_kit import text_sections
from handlers.kit.callers import Caller, require_facilitator, require_member
from handlers.kit.notices.messages import queue_direct_message
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest, refusal_blocks
from handlers.kit.text import join_lines, sanitize
from handlers.polls.pending import count_waiting
from storage import outbox

ABOUT = "the answer about a dropped file"
ABOUT_WORDS = "the answer to a message"


@dataclass
class Outcome:
    """What became of the files of one message, by their names.

    `refused` lists the names behind each sentence, so that files with the same problem share it. `agency` is the one
    whose calendars are read.
    """

    tables: list[str] = field(default_factory=list)
    calendars: list[str] = field(default_factory=list)
    agency: str = ""
    refused: dict[str, list[str]] = field(default_factory=dict)


def read_message(request: SlackRequest) -> None:
    """Answer Slack's event `message.im`: what a person wrote or dropped into their direct messages with the bot."""
    if request.is_plain_message:
        _answer_words(request)
    else:
        hand_in(request)


def _answer_words(request: SlackRequest) -> None:
    """Say what can be typed and what is waiting, once a day. What the person wrote is not looked at."""
    with request.begin("anyone") as (session, caller):
        since = request.now - timedelta(days=1)
        if outbox.was_queued(session, request.workspace, request.user, ABOUT_WORDS, since):
            return
        try:
            require_member(session, caller)
        except Refusal as refusal:
            _answer_outsider(session, request, caller, refusal, ABOUT_WORDS)
            return
        waiting = count_waiting(session, caller, request.reader(caller.person.id), request.now)
        sentence = views.words(waiting)
        show = [block_kit.actions(block_kit.button("Show what is waiting", "poll.waiting"))] if waiting else []
        body = block_kit.message(sentence, [block_kit.section(sentence), *show])
        queue_direct_message(session, request.workspace, caller.person, body, ABOUT_WORDS, request.now)


def hand_in(request: SlackRequest) -> None:
    """Hand in the files of a message, and answer once, by direct message.

    What people write beside a file is not looked at.
    """
    files = request.dropped_files
    if not files:
        return
    with request.begin("anyone") as (session, caller):
        try:
            require_member(session, caller)
        except Refusal as refusal:
            _answer_outsider(session, request, caller, refusal, ABOUT)
            return
        outcome = Outcome()
        for file in files:
            name = sanitize(str(file.get("name") or ""))
            try:
                _hand_in_file(session, request, caller, file, name, outcome)
            except Refusal as refusal:
                outcome.refused.setdefault(refusal.sentence, []).append(name)
        lines = views.dropped(outcome.tables, outcome.calendars, outcome.agency, outcome.refused)
        body = block_kit.message(join_lines(lines), text_sections(lines))
        queue_direct_message(session, request.workspace, caller.person, body, ABOUT, request.now)


def _hand_in_file(
    session: Session, request: SlackRequest, caller: Caller, file: Mapping[str, Any], name: str, outcome: Outcome
) -> None:
    """Hand one file to what reads it. Raise `Refusal` before anything of it is stored."""
    _check_access(file)
    if parsing.is_table(name):
        require_facilitator(session, caller)
        drafts.hand_in(session, caller, parsing.file_source(file), request.now)
        outcome.tables.append(name)
    elif holiday_parsing.is_calendar(name):
        agency = closed_days.agency_of_file(session, caller)
        holiday_parsing.check_file(file)
        calendars.add_file(session, caller, agency, dict(file), request)
        outcome.calendars.append(name)
        outcome.agency = agency.name
    else:
        raise Refusal(views.OTHER_FILE)


def _check_access(file: Mapping[str, Any]) -> None:
    """Raise `Refusal` for a file whose content Slack does not give the bot."""
    if file.get("is_external"):
        raise Refusal(views.KEPT_ELSEWHERE)
    if file.get("file_access", "visible") != "visible" or not file.get("url_private"):
        raise Refusal(views.NOT_GIVEN)


def _answer_outsider(session: Session, request: SlackRequest, caller: Caller, refusal: Refusal, about: str) -> None:
    outbox.queue(
        session,
        team_id=request.workspace,
        channel=request.user,
        body=block_kit.message(refusal.sentence, refusal_blocks(refusal)),
        about=f"{about} to somebody outside the consortium",
        now=request.now,
        consortium_id=caller.found.id if caller.found is not None else None,
    )
