"""Buttons and forms of the pulse."""

from datetime import date, timedelta
from typing import Any

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text, dates, edits
from handlers.kit.block_kit import context, section
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import slack_date
from handlers.pulse import (
    answers,
    forms,
    parsing,
    preferences,
    result_texts,
    result_views,
    rounds,
    schedule,
    texts,
    views,
)
from handlers.pulse.snapshot import load_snapshot
from storage import pulse
from storage.pulse import Pulse
from storage.vocabulary import Language, PulseInterval, RoundState


def show_results(request: SlackRequest) -> None:
    """Show the latest results, the questions if the caller has not answered, and when the next round is.

    The trend follows separately as a picture, because Slack may refuse it.
    """
    with request.read() as (session, caller):
        closed = next(iter(pulse.list_closed_rounds(session, caller.consortium.id, 1)), None)
        snapshot = load_snapshot(session, closed) if closed else None
        language = caller.person.language
        blocks: list[Block] = result_views.result_blocks(snapshot, language) if snapshot else []
        running = pulse.find_open_round(session, caller.consortium.id)
        own = pulse.find_invitation(session, running.id, caller.person.id) if running else None
        if running and own and not own.answered:
            invitation = views.invitation(
                caller.consortium.name,
                running.number,
                len(running.questions),
                running.closes_at,
                caller.zone,
                language,
            )
            blocks = [*invitation.blocks, *blocks]
        blocks += _next_round(caller, pulse.find(session, caller.consortium.id), alone=not blocks)
    trend = result_views.trend_post(snapshot, language) if snapshot else None
    in_words = result_views.trend_post(snapshot, language, chart=False) if snapshot else None
    request.answer_with_chart(result_texts.HEADLINE[language], blocks, trend, in_words)


def _next_round(caller: Caller, record: Pulse | None, *, alone: bool) -> list[Block]:
    language = caller.person.language
    if record is not None and record.next_day is not None:
        at = dates.local_to_utc(schedule.wall_time(record, record.next_day), caller.zone)
        return [context(texts.NEXT_QUESTIONS[language].format(at=slack_date(at, caller.zone)))]
    how = texts.HOW_TO_SCHEDULE if caller.facilitates else texts.WHO_SCHEDULES
    text = f"{texts.NOT_SCHEDULED[language]} {how[language]}"
    button = block_kit.button(texts.SCHEDULE[language], "pulse.plan")
    plan = [block_kit.actions(button)] if caller.facilitates else []
    return [section(text) if alone else context(text), *plan]


def open_questions(request: SlackRequest) -> None:
    """Open the questions of a round."""
    request.open_form(_questions(request, _round_number(request)))


def _questions(request: SlackRequest, number: int) -> dict[str, Any]:
    with request.read() as (session, caller):
        found, invitation = answers.find_round(session, caller, number, request.now)
        metadata = {**request.origin, "round": number}
        until = slack_date(found.closes_at, caller.zone)
        return forms.questions(metadata, found.questions, until, caller.person.language, again=invitation.answered)


def submit_answers(request: SlackRequest) -> None:
    """Seal the answers of the submitted form."""
    number = request.metadata.number("round")
    scores, comment = parsing.submitted_scores(request), parsing.submitted_comment(request)
    with request.begin() as (session, caller):
        thanks = answers.submit(session, caller, request.deps.keys, number, scores, comment, request.now)
        language = caller.person.language
    if request.in_direct_message:
        request.answer(thanks, [section(thanks), views.change_button(number, language)], replace=True)
    request.acknowledge_form(response_action="update", view=forms.thanks(thanks, language))


def skip_round(request: SlackRequest) -> None:
    """Skip the round of the message."""
    number = _round_number(request)
    with request.begin() as (session, caller):
        confirmation = answers.skip(session, caller, number, request.now)
        language = caller.person.language
    answer, other = views.answer_button(number, language), views.language_button(number, language)
    request.show_result(confirmation, answer, other, language=language)


def switch_language(request: SlackRequest) -> None:
    """Set the caller's other language, and show the questions in it, in a form that is open with what is filled in."""
    _set_other_language(request)
    if request.in_form:
        view = _questions(request, request.metadata.number("round"))
        written = request.text_value("comment")
        request.replace_form(forms.fill_in(view, parsing.selected_answers(request), written))
    else:
        request.open_form(_questions(request, _round_number(request)))


def switch_pause_language(request: SlackRequest) -> None:
    """Set the caller's other language, and show the form of a pause in it, with what is filled in."""
    language = _set_other_language(request)
    request.replace_form(forms.pause(request.origin, language, request.selected_value("span")))


def _set_other_language(request: SlackRequest) -> Language:
    with request.begin() as (_, caller):
        spanish = caller.person.language is Language.SPANISH
        preferences.set_language(caller, Language.ENGLISH if spanish else Language.SPANISH)
        return caller.person.language


def open_pause_form(request: SlackRequest) -> None:
    """Open the form that asks how long to pause."""
    with request.read() as (_, caller):
        view = forms.pause(request.origin, caller.person.language)
    request.open_form(view)


def submit_pause(request: SlackRequest) -> None:
    """Pause the caller's questions for the chosen time."""
    with request.begin() as (session, caller):
        until = dates.parse_time(request.selected_value("span"), request.now, caller.zone)
        confirmation = preferences.pause(session, caller, until, request.now)
        language = caller.person.language
    request.show_result(confirmation, language=language)


def open_details(request: SlackRequest) -> None:
    """Open everything about a closed round that may be shown."""
    number = _round_number(request)
    with request.read() as (session, caller):
        found = pulse.get_round(session, caller.consortium.id, number)
        if found is None or found.state is not RoundState.CLOSED:
            language = caller.person.language
            raise Refusal(texts.NO_RESULTS[language], language=language)
        view = result_views.details(load_snapshot(session, found), caller.person.language)
    request.open_form(view)


def open_schedule_form(request: SlackRequest) -> None:
    """Open the form that schedules the pulse."""
    with request.read("facilitator") as (session, caller):
        record = pulse.find(session, caller.consortium.id)
        channel = "" if request.channel.startswith("D") else request.channel
        view = forms.schedule(request.origin, forms.schedule_values(record, channel, _tomorrow(request, caller)))
    request.open_form(view)


def submit_schedule(request: SlackRequest) -> None:
    """Schedule the pulse as the submitted form says; a schedule that exists changes only in what was changed there."""
    with request.begin("facilitator") as (session, caller):
        submitted = parsing.submitted_schedule(request, caller)
        record = pulse.lock_by_consortium(session, caller.consortium.id)
        if record is not None:
            current = forms.schedule_values(record, "", _tomorrow(request, caller))
            submitted = edits.apply_changes(request.metadata, submitted, current)
        plan = parsing.to_plan(submitted)
        record = schedule.set_schedule(session, caller, plan, request.now)
        confirmation = schedule_confirmation(session, caller, record)
    request.show_result(confirmation)


def _tomorrow(request: SlackRequest, caller: Caller) -> date:
    return caller.today(request.now) + timedelta(days=1)


def schedule_confirmation(session: Session, caller: Caller, record: Pulse) -> str:
    """Describe when the next round goes out and where its results are posted."""
    often = {
        PulseInterval.WEEK: "every week",
        PulseInterval.TWO_WEEKS: "every two weeks",
        PulseInterval.MONTH: "once a month",
    }[record.every]
    if record.next_day is None:
        return "No round is scheduled."
    first = slack_date(dates.local_to_utc(schedule.wall_time(record, record.next_day), caller.zone), caller.zone)
    people = pulse.list_invitees(session, caller.consortium.id)
    closes = slack_date(rounds.closes_at(caller.consortium, people, record.next_day), caller.zone)
    return (
        f"The pulse is scheduled {often}. The first questions go out {first}, at that time on each person's own "
        f"clock. The first results are posted in <#{record.channel}> {closes}. They name nobody."
    )


def _round_number(request: SlackRequest) -> int:
    number = command_text.parse_row_id(request.value)
    if not number:
        raise Refusal("This round no longer exists. `/pulse` shows the latest results.")
    return number
