"""What is pressed, filled in and shown of the pulse."""

from datetime import date, timedelta

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit import command_text, dates
from handlers.kit.block_kit import context, section
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean, moment
from handlers.pulse import answers, forms, rounds, snapshot, views
from handlers.pulse.question_bank import BANK
from handlers.pulse.rounds import Plan
from storage import pulse
from storage.pulse import Pulse
from storage.vocabulary import Every, Language, RoundState


def show_results(request: SlackRequest) -> None:
    """Show the latest results, what waits for the speaker, and when the next round comes."""
    with request.look() as (session, caller):
        closed = next(iter(pulse.closed_rounds(session, caller.consortium.id, 1)), None)
        blocks: list[Block] = views.result_blocks(snapshot.take(session, closed)) if closed else []
        running = pulse.open_round(session, caller.consortium.id)
        asked = pulse.invitation(session, running.id, caller.person.id) if running else None
        if running and asked and not asked.answered:
            piece = views.invitation(
                running.number, len(running.questions), running.closes_at, caller.zone, caller.person.language
            )
            blocks = [*piece.blocks, *blocks]
        blocks.append(_next(caller, pulse.of(session, caller.consortium.id), shown=bool(blocks)))
    request.answer("How we work together.", blocks)


def _next(caller: Caller, planned: Pulse | None, *, shown: bool) -> Block:
    if planned is not None and planned.next_day is not None:
        at = dates.local(rounds.wall(planned, planned.next_day), caller.zone)
        return context(f"The next questions come {moment(at, caller.zone)}. `/pulse pause 2w` leaves you in peace.")
    how = "`/pulse schedule monday 9:00` plans it." if caller.facilitates else "A facilitator can plan it."
    return (context if shown else section)(f"No pulse is planned. {how}")


def open_form(request: SlackRequest) -> None:
    """Open the questions of a round."""
    _open_questions(request, _number(request))


def _open_questions(request: SlackRequest, number: int) -> None:
    with request.look() as (session, caller):
        found, asked = answers.find(session, caller, number, request.now)
        carry = {**request.origin, "round": number}
        until = moment(found.closes_at, caller.zone)
        view = forms.questions(carry, found.questions, until, caller.person.language, again=asked.answered)
    request.open(view)


def submit_answer(request: SlackRequest) -> None:
    """Seal what was answered."""
    number = int(request.carry["round"])
    with request.begin() as (session, caller):
        scores = {key: int(request.chosen(key)) for key in BANK if request.chosen(key)}
        comment = clean(request.written("comment"))[: answers.COMMENT]
        said = answers.answer(session, caller, request.deps.keys, number, scores, comment, request.now)
        language = caller.person.language
    if request.in_direct_message:
        request.answer(said, [section(said), views.change(number, language)], replace=True)
    request.reply(response_action="update", view=forms.thanks(said, language))


def skip(request: SlackRequest) -> None:
    """Pass a round over, from its message."""
    with request.begin() as (session, caller):
        said = answers.skip(session, caller, _number(request), request.now)
        button = views.answer_button(_number(request), caller.person.language)
    request.done(said, button)


def other_language(request: SlackRequest) -> None:
    """Ask in the other language, from now on and right away."""
    with request.begin() as (_, caller):
        spanish = caller.person.language is Language.SPANISH
        answers.speak(caller, Language.ENGLISH if spanish else Language.SPANISH)
    _open_questions(request, _number(request))


def open_pause(request: SlackRequest) -> None:
    """Ask for how long."""
    with request.look() as (_, caller):
        view = forms.pause(request.origin, caller.person.language)
    request.open(view)


def submit_pause(request: SlackRequest) -> None:
    """Pause for as long as was chosen."""
    with request.begin() as (session, caller):
        until = dates.read(request.chosen("span"), request.now, caller.zone)
        said = answers.pause(session, caller, until, request.now)
    request.done(said)


def details(request: SlackRequest) -> None:
    """Open a result in full, as far as it may be shown."""
    with request.look() as (session, caller):
        found = pulse.get_round(session, caller.consortium.id, _number(request))
        if found is None or found.state is not RoundState.CLOSED:
            raise Refusal("There is no such result. `/pulse` shows the latest.")
        view = forms.details(snapshot.take(session, found))
    request.open(view)


def open_plan(request: SlackRequest) -> None:
    """Open the form that plans the pulse."""
    with request.look("facilitator") as (session, caller):
        planned = pulse.of(session, caller.consortium.id)
        channel = "" if request.channel.startswith("D") else request.channel
        view = forms.plan(request.origin, planned, channel, caller.today(request.now) + timedelta(days=1))
    request.open(view)


def submit_plan(request: SlackRequest) -> None:
    """Plan the pulse as the form says."""
    _, clock = dates.clock(request.time_chosen("clock"))
    themes = forms.chosen_themes(request.ticked("themes"))
    if clock is None or not themes:
        field, said = ("clock", "A time of day is needed.") if clock is None else ("themes", "Choose at least one.")
        raise Refusal(said, field=field)
    with request.begin("facilitator") as (session, caller):
        starts_on = date.fromisoformat(request.chosen("start"))
        if starts_on < caller.today(request.now) or starts_on > caller.today(request.now) + dates.FARTHEST:
            raise Refusal("A day from today on, and within three years.", field="start")
        plan = Plan(
            int(request.chosen("weekday")),
            clock,
            Every(request.chosen("every")),
            starts_on,
            request.chosen("channel"),
            themes,
        )
        said = planned(session, caller, rounds.schedule(session, caller, plan, request.now))
    request.done(said)


def planned(session: Session, caller: Caller, made: Pulse) -> str:
    """Say when the pulse comes."""
    often = {Every.WEEK: "every week", Every.TWO_WEEKS: "every two weeks", Every.MONTH: "once a month"}[made.every]
    if made.next_day is None:
        return "No round is planned."
    first = moment(dates.local(rounds.wall(made, made.next_day), caller.zone), caller.zone)
    people = pulse.people(session, caller.consortium.id)
    closes = moment(rounds.closes_at(caller.consortium, people, made.next_day), caller.zone)
    return (
        f"The pulse comes {often}, the first time {first}, at that time on each person's own clock. The first results "
        f"come to this channel {closes}, once it is 17:00 for everybody. Nobody is named in them."
    )


def _number(request: SlackRequest) -> int:
    number = command_text.row_id(request.value)
    if not number:
        raise Refusal("This round no longer exists. `/pulse` shows the latest.")
    return number
