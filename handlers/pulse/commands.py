"""The `/pulse` command."""

from handlers.kit import command_text, dates
from handlers.kit.command_text import CommandText
from handlers.kit.refusals import Ambiguous, Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.subcommands import UnknownCommand, run_subcommand, takes_nothing
from handlers.kit.text import escape, pluralize, slack_date, truncate
from handlers.pulse import answers, interactions, parsing, preferences, rounds, schedule, texts
from storage import pulse
from storage.vocabulary import Language, Theme


def pulse_command(request: SlackRequest) -> None:
    """Answer `/pulse`: alone it shows the results."""
    typed = command_text.parse(request.text, keys=("every",), dated=("start",))
    if typed.words or typed.options:
        try:
            run_subcommand(request, typed, parsing.EXAMPLE)
        except UnknownCommand as unknown:
            raise _in_own_language(request, typed, unknown) from None
    else:
        interactions.show_results(request)


def _in_own_language(request: SlackRequest, typed: CommandText, unknown: UnknownCommand) -> Refusal:
    """Return the answer to an unknown command in the language of a member, otherwise in English."""
    with request.read("anyone") as (_session, caller):
        language = caller.member.language if caller.member else Language.ENGLISH
    meant = [texts.MEANT[language].format(command=escape(reading.label)) for reading in unknown.readings]
    shown = escape(truncate(typed.text, 60))
    sentence = texts.UNKNOWN[language].format(typed=shown, suggestion="".join(meant), example=parsing.EXAMPLE)
    if not unknown.readings:
        return Refusal(sentence, language=language)
    return Ambiguous(sentence, unknown.typed, unknown.readings)


@takes_nothing
def help_command(request: SlackRequest, _: CommandText) -> None:
    """Explain what can be typed, in the language of a member, otherwise in English."""
    with request.read("anyone") as (_session, caller):
        language = caller.member.language if caller.member else Language.ENGLISH
    request.answer(texts.HELP[language])


def schedule_command(request: SlackRequest, typed: CommandText) -> None:
    """Schedule the pulse; alone it opens the form."""
    if len(typed.words) < 2 and not typed.options:
        interactions.open_schedule_form(request)
        return
    with request.begin("facilitator") as (session, caller):
        record = pulse.find(session, caller.consortium.id)
        plan = parsing.typed_plan(request, typed, caller, schedule.themes(record) if record else tuple(Theme))
        record = schedule.set_schedule(session, caller, plan, request.now)
        confirmation = interactions.schedule_confirmation(session, caller, record)
    request.show_result(confirmation)


@takes_nothing
def now_command(request: SlackRequest, _: CommandText) -> None:
    """Open a round today."""
    with request.begin("facilitator") as (session, caller):
        opened = rounds.open_now(session, caller, request.deps.keys, request.channel, request.now)
        asked = pulse.count_to_ask(session, opened)
        until = slack_date(opened.closes_at, caller.zone)
    request.show_result(
        f"A round is open. {pluralize(asked, 'person', 'people')} will be asked, outside their quiet hours. It closes "
        f"{until}."
    )


@takes_nothing
def stop_command(request: SlackRequest, _: CommandText) -> None:
    """Stop the pulse."""
    with request.begin("facilitator") as (session, caller):
        confirmation = schedule.stop(session, caller, request.now)
    request.show_result(confirmation)


@takes_nothing
def skip_command(request: SlackRequest, _: CommandText) -> None:
    """Skip the open round."""
    with request.begin() as (session, caller):
        confirmation = answers.skip(session, caller, None, request.now)
        language = caller.person.language
    request.show_result(confirmation, language=language)


def pause_command(request: SlackRequest, typed: CommandText) -> None:
    """Pause the caller's questions; alone it opens the form."""
    command_text.refuse_unknown_options(typed, (), "`/pulse pause 2w`")
    if len(typed.words) < 2:
        interactions.open_pause_form(request)
        return
    with request.begin() as (session, caller):
        until = dates.parse_time(typed.after(1).removeprefix("until "), request.now, caller.zone)
        confirmation = preferences.pause(session, caller, until, request.now)
    request.show_result(confirmation)


@takes_nothing
def resume_command(request: SlackRequest, _: CommandText) -> None:
    """End the caller's pause."""
    with request.begin() as (_session, caller):
        confirmation = preferences.resume(caller, request.now)
    request.show_result(confirmation)


def language_command(request: SlackRequest, typed: CommandText) -> None:
    """Choose the language of the caller's pulse."""
    language = parsing.language(typed.after(1).strip())
    with request.begin() as (_, caller):
        if language is None or typed.options:
            spoken = caller.person.language
            raise Refusal(texts.LANGUAGES[spoken], language=spoken)
        confirmation = preferences.set_language(caller, language)
    request.show_result(confirmation)
