"""What Slack sends about polls, and the whole of /vote."""

from sqlalchemy.orm import Session

from handlers.kit import words
from handlers.kit.asking import Ask
from handlers.kit.blocks import button, row
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.surface import Surface
from handlers.kit.text import clean, cut, escape, section, written
from handlers.polls import forms, polling, reading, rules
from handlers.polls import picture as pictures
from handlers.polls.polling import no_such
from handlers.polls.waiting import waiting_for
from handlers.polls.words import EXAMPLES, read_ballot
from handlers.proposals import listeners as proposing
from handlers.proposals.words import read_stance
from storage import outbox, polls, proposals
from storage.polls import Poll
from storage.vocabulary import PollKind, PollState, Rule

HELP = (
    "`/vote` lists what is waiting for you.\n"
    "`/vote 12 agree`, `reservations REASON`, `aside REASON`, `block REASON`, `abstain` (or `yes`, `no`) say your "
    "agency's position on proposal 12; `/vote 12 retract` takes it back.\n"
    "`/vote 14 2` votes in poll 14, by number or words; ranked `2, 1`; points and dots `2=5 3=1`; times "
    "`1 yes, 2 maybe`.\n"
    '`/vote "Which week?" "12 Jan" "19 Jan"` asks at once; you can add `multi:2`, `ranked`, `score`, `dots:5`, '
    "`anonymous`, `hidden`, `open`, `agencies`, `remind`, `closes:3d`.\n"
    '`/vote time "When do we meet?" "2026-12-01 14:00" "2026-12-02 09:00"` finds a time. `/vote new` opens a form.\n'
    "`/vote close 14` closes, `/vote show 14` shows."
)


def register(surface: Surface) -> None:
    """Say what this feature answers."""
    surface.command("/vote", vote, does="Vote, or ask a question", hint="12 agree, or 14 2, or “Question?” “A” “B”")
    surface.actions(
        {
            "poll.cast.*": press_cast,
            "poll.vote": press_vote,
            "poll.add": press_add,
            "poll.details": press_details,
            "poll.retract": press_retract,
            "poll.close": press_close,
            "poll.form": press_form,
            "poll.waiting": _list,
        }
    )
    surface.forms({"poll.new": submit_new, "poll.vote": submit_vote, "poll.add": submit_add})


def vote(ask: Ask) -> None:
    """Answer /vote."""
    typed = words.read(ask.typed, reading.KEYS, reading.DATED)
    number = words.number(typed.words[0].text) if typed.words and not typed.words[0].quoted else None
    second = words.number(typed.words[1].text) if len(typed.words) == 2 else None
    if not typed.words:
        _list(ask)
    elif number is not None:
        _on_number(ask, number, typed)
    elif typed.first == "help" and len(typed.words) == 1:
        ask.answer(HELP)
    elif typed.first in {"show", "close"} and second is not None:
        (show if typed.first == "show" else close)(ask, second)
    elif typed.first == "new":
        open_form(ask, typed.after(1))
    elif typed.first == "time" or typed.words[0].quoted:
        _ask_now(ask, typed)
    else:
        _no_number(ask, typed)


def _no_number(ask: Ask, typed: words.Typed) -> None:
    """Answer words that begin with neither a number nor a quoted question: it may be meant as one."""
    question = cut(typed.text, polling.QUESTION)
    blocks = [
        section(
            f"I am not sure what “{escape(cut(typed.text, 100))}” is. If it is a question, put it and its choices in "
            'quotes, for example: `/vote "Which week?" "12 Jan" "19 Jan"`. To vote, begin with a number: '
            "`/vote 12 agree`"
        ),
        row(button("Make it a poll", "poll.form", question)),
    ]
    with ask.look():
        ask.answer("I am not sure what that is.", blocks)


def _list(ask: Ask) -> None:
    with ask.look() as (session, caller):
        blocks = waiting_for(session, caller, ask.channel, ask.now)
    ask.answer("What is waiting for you.", blocks)


# numbers -----------------------------------------------------------------------------------------------


def _on_number(ask: Ask, number: int, typed: words.Typed) -> None:
    """Vote on what has this number, a proposal or a poll."""
    rest = typed.after(1)
    with ask.look() as (session, caller):
        proposal = proposals.get(session, caller.consortium.id, number)
        poll = polls.get(session, caller.consortium.id, number)
        rule = proposal.rule if proposal else None
        channel = poll.channel if poll else ""
    if rule is None and poll is None and rest:
        _maybe_question(number, typed)
    if rule is None and poll is None:
        no_such(number)
    if channel:
        _must_see(ask, number, channel)
    if not rest:
        show(ask, number)
    elif rest.casefold() == "retract":
        (proposing.retract if rule is not None else retract)(ask, number)
    else:
        _vote_typed(ask, number, rule, typed)


def _must_see(ask: Ask, number: int, channel: str) -> None:
    """Keep what was asked in a private channel there. Raises Refusal."""
    if not ask.deps.directory.can_see(ask.workspace, channel, ask.user):
        raise Refusal(
            f"#{number} belongs to a private channel that you are not in. Somebody there can invite you. `/vote` "
            "lists what is waiting for you."
        )


def _vote_typed(ask: Ask, number: int, rule: Rule | None, typed: words.Typed) -> None:
    """Keep a typed position or ballot; what cannot be read and ends with a question mark is asked about."""
    rest = typed.after(1)
    try:
        said = read_stance(rule, rest, number) if rule is not None else None
        ballot = _read_typed(ask, number, rest) if rule is None else {}
    except Refusal:
        if typed.text.endswith("?"):
            _maybe_question(number, typed)
        raise
    if said is not None:
        proposing.say(ask, number, said.stance, said.reason)
    else:
        _cast(ask, number, ballot)


def _read_typed(ask: Ask, number: int, typed: str) -> rules.Choices:
    with ask.look() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        if poll is None:
            no_such(number)
        options = {option.place: option.label for option in polls.options(session, poll.id)}
        ballot = read_ballot(poll.kind, number, options, typed)
        try:
            rules.check(poll.kind, poll.most, list(options), ballot)
        except Refusal as refusal:
            raise Refusal(f"{refusal.sentence} For example: `/vote {number} {EXAMPLES[poll.kind]}`") from None
        return ballot


def _maybe_question(number: int, typed: words.Typed) -> None:
    question = cut(typed.text, polling.QUESTION)
    sentence = (
        f"I am not sure: is “{escape(cut(typed.text, 100))}” a question? Then put it and its choices in quotes, for "
        'example: `/vote "3 weeks or 4?" "3 weeks" "4 weeks"`. If you meant to vote, there is nothing with the '
        f"number {number} that takes this; `/vote` lists what is waiting for you."
    )
    raise Refusal(sentence, blocks=[section(sentence), row(button("Make it a poll", "poll.form", question))])


def show(ask: Ask, number: int) -> None:
    """Open everything about a poll or proposal."""
    with ask.look("consortium") as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        if poll is not None:
            _must_see(ask, number, poll.channel)
        view = _details(ask, session, caller, poll) if poll else None
        known = view is not None or proposals.get(session, caller.consortium.id, number) is not None
    if not known:
        no_such(number)
    if view is None:
        proposing.show(ask, number)
    else:
        ask.open(view)


def _details(ask: Ask, session: Session, caller: Caller, poll: Poll) -> dict[str, object]:
    voted = caller.member is not None and polls.ballot_of(session, poll.id, caller.member.id) is not None
    picture = pictures.take(session, poll, reveal=voted)
    may = caller.facilitates or (caller.member is not None and caller.member.id == poll.author_id)
    return forms.details(picture, ask.origin, may_close=may, voted=voted)


def close(ask: Ask, number: int) -> None:
    """Close a poll, or a proposal once everybody was heard."""
    with ask.look() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
    if poll is None:
        proposing.close(ask, number)
        return
    _must_see(ask, number, poll.channel)
    with ask.begin() as (session, caller):
        said = polling.close_now(session, caller, ask.deps.keys, number, ask.now)
    ask.done(said)


def retract(ask: Ask, number: int) -> None:
    """Take a ballot back."""
    with ask.begin() as (session, caller):
        said = polling.retract(session, caller, number, ask.now)
    ask.done(said)


# asking ------------------------------------------------------------------------------------------------


def open_form(ask: Ask, question: str = "") -> None:
    """Open the form for a new poll."""
    if len(question) > polling.QUESTION:
        raise Refusal(
            f"The question has {len(question):,} characters; there is room for {polling.QUESTION}. `/vote new` opens "
            "an empty form."
        )
    with ask.look() as (_, caller):
        days = caller.consortium.open_days
    ask.open(forms.new(ask.origin, question, ask.now, days))


def _ask_now(ask: Ask, typed: words.Typed) -> None:
    private = ask.deps.directory.is_private(ask.workspace, ask.channel)
    with ask.begin() as (session, caller):
        draft = reading.typed_poll(ask, caller, typed, private=private)
        try:
            poll = polling.ask_all(session, caller, ask.deps.keys, draft, ask.now)
        except Refusal as refusal:
            raise Refusal(f"{refusal.sentence} {reading.EXAMPLE}") from None
        said = _asked(poll, caller)
    ask.answer(said)


def _asked(poll: Poll, caller: Caller) -> str:
    return f"#{poll.number} is on its way to the channel. It closes {written(poll.closes_at, caller.zone)}."


def submit_new(ask: Ask) -> None:
    """Make a poll from the form."""
    private = ask.deps.directory.is_private(ask.workspace, ask.channel)
    with ask.begin() as (session, caller):
        draft = reading.written_poll(ask, caller, private=private)
        poll = polling.ask_all(session, caller, ask.deps.keys, draft, ask.now)
        said = _asked(poll, caller)
    ask.done(said)


# buttons and forms -------------------------------------------------------------------------------------


def _pressed(ask: Ask) -> int:
    number = words.number(ask.value)
    return number if number is not None else no_such(0)


def press_cast(ask: Ask) -> None:
    """Vote with one press."""
    place = int(ask.action["action_id"].removeprefix("poll.cast."))
    _cast(ask, _pressed(ask), {place: 1})


def _cast(ask: Ask, number: int, ballot: rules.Choices) -> None:
    with ask.begin() as (session, caller):
        poll = polling.locked(session, caller, number)
        said = polling.cast(session, caller, ask.deps.keys, poll, ballot, ask.now)
        if ask.in_message and ask.channel == poll.channel:
            outbox.learn_ts(session, poll.live_id, ask.message_ts)
    ask.done(said)


def press_vote(ask: Ask) -> None:
    """Open the form for a ballot."""
    number = _pressed(ask)
    with ask.look() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        if poll is None:
            no_such(number)
        polling.must_be_open(poll, ask.now)
        own = polls.ballot_of(session, poll.id, caller.person.id)
        view = forms.vote(
            pictures.take(session, poll), rules.unpack(own.choices if own else None), caller.zone, ask.origin
        )
    ask.open(view)


def submit_vote(ask: Ask) -> None:
    """Keep a ballot from the form."""
    number = int(ask.carry["number"])
    with ask.look() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        kind = poll.kind if poll else PollKind.ONE
        first = "choice" if kind is PollKind.ONE else "choices"
        places = [option.place for option in polls.options(session, poll.id)] if poll else []
    try:
        _cast(ask, number, reading.ballot(ask, kind, places))
    except Refusal as refusal:
        fields = {PollKind.ONE: first, PollKind.SEVERAL: first, PollKind.RANKED: "rank.1"}
        place = fields.get(kind, f"option.{places[0]}" if places else None)
        closed = poll is None or poll.state is PollState.CLOSED or ask.now >= poll.closes_at or refusal.blocks
        raise Refusal(refusal.sentence, field=None if closed else place, blocks=refusal.blocks) from None


def press_add(ask: Ask) -> None:
    """Open the form for one more option."""
    number = _pressed(ask)
    with ask.look() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        if poll is None:
            no_such(number)
        polling.must_be_open(poll, ask.now)
        view = forms.add(pictures.take(session, poll), ask.origin)
    ask.open(view)


def submit_add(ask: Ask) -> None:
    """Add an option."""
    label = " ".join(clean(ask.written("label")).split())
    number = int(ask.carry["number"])
    with ask.begin() as (session, caller):
        poll = polls.get(session, caller.consortium.id, number)
        starts_at = None
        if poll is not None and poll.kind is PollKind.TIME:
            starts_at = reading.moment_at(label, ask, caller, "label")
        said = polling.add_option(session, caller, number, label, starts_at, ask.now)
    ask.done(said)


def press_details(ask: Ask) -> None:
    """Open everything about a poll from a button."""
    show(ask, _pressed(ask))


def press_retract(ask: Ask) -> None:
    """Take a ballot back from a button."""
    retract(ask, _pressed(ask))


def press_close(ask: Ask) -> None:
    """Close from a button."""
    close(ask, _pressed(ask))


def press_form(ask: Ask) -> None:
    """Open the form from a button that may carry a question."""
    open_form(ask, ask.value)
