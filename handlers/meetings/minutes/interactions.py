"""What is pressed and filled in around minutes."""

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.block_kit import refill
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import clean
from handlers.meetings import lookup
from handlers.meetings import snapshot as pictures
from handlers.meetings.lookup import pressed
from handlers.meetings.minutes import acceptance, forms, rules, snapshot, views, writing
from handlers.meetings.minutes.writing import Draft
from storage import agencies, agendas, meetings, members, minutes
from storage.meetings import Meeting
from storage.vocabulary import AgencyId, ItemId


def write(ask: Ask) -> None:
    """Open the form for the minutes that are lacking."""
    with ask.look() as (session, caller):
        found = lookup.to_write(session, caller, ask)
        if found is None:
            raise Refusal("No meeting here waits for its minutes. `/meeting` lists what is planned.")
        meeting_id = found[1].id
    _open(ask, meeting_id)


def press_write(ask: Ask) -> None:
    """Open the form from a button."""
    _open(ask, pressed(ask))


def _open(ask: Ask, meeting_id: int) -> None:
    with ask.look() as (session, caller):
        found = meetings.get(session, caller.consortium.id, meeting_id)
        writing.writable(session, caller, found, ask.now)
        view = _form(session, caller, ask.origin, meeting_id, each=False)
        shown = lookup.picture(session, caller, meeting_id)
    lookup.must_see(ask, caller, shown)
    ask.open(view)


def _form(
    session: Session, caller: Caller, carry: dict[str, object], meeting_id: int, *, each: bool
) -> dict[str, object]:
    shown = lookup.picture(session, caller, meeting_id)
    names = {one.id: one.name for one in agencies.living(session, caller.consortium.id)}
    return forms.write(carry, shown, names, each=each)


def press_each(ask: Ask) -> None:
    """Give each item a field of its own; what was filled in stays."""
    with ask.look() as (session, caller):
        view = _form(session, caller, {**ask.carry, "each": True}, int(ask.carry["meeting"]), each=True)
    ask.change(refill(view, ask.body["view"]))


def submit_write(ask: Ask) -> None:
    """Post minutes."""
    with ask.begin() as (session, caller):
        found = meetings.get(session, caller.consortium.id, pressed(ask))
        _, meeting = writing.writable(session, caller, found, ask.now)
        said = writing.post(session, caller, meeting.id, _draft(session, caller, ask, meeting), ask.now)
    ask.done(said)


def _draft(session: Session, caller: Caller, ask: Ask, meeting: Meeting) -> Draft:
    """Read minutes from the form. Raises Refusal at the field."""
    items = agendas.of_meeting(session, meeting.id)
    living = {one.id for one in agencies.living(session, caller.consortium.id)}
    people = members.living(session, caller.consortium.id)
    decisions = [" ".join(line.strip(" -–•*").split()) for line in clean(ask.written("decisions")).split("\n")]
    return Draft(
        parts=_parts(ask, [(item.id, item.title) for item in items], forms.filled(pictures.take(session, meeting))),
        decisions=[text for text in decisions if text],
        actions=rules.read(ask.written("actions"), people, ask.now, caller.zone),
        agencies=[AgencyId(int(one)) for one in ask.ticked("agencies") if int(one) in living],
        people=" ".join(clean(ask.written("people")).split()),
        left={ItemId(int(one)) for one in ask.ticked("left")},
    )


def _parts(ask: Ask, items: list[tuple[ItemId, str]], filled: str) -> list[tuple[str, str]]:
    """Read the texts; a text that was left as it was filled in says nothing."""
    notes = clean(ask.written("notes"))
    notes = "" if notes.split() == filled.split() else notes
    if not ask.carry.get("each"):
        return [("", notes)]
    each = [(title, clean(ask.written(f"item.{id_}"))) for id_, title in items]
    return [*each, ("Anything else" if any(text for _, text in each) else "", notes)]


# afterwards --------------------------------------------------------------------------------------------


def _shown(session: Session, caller: Caller, minutes_id: int) -> snapshot.Picture:
    found = minutes.get(session, caller.consortium.id, minutes_id)
    if found is None:
        raise Refusal("There are no such minutes.")
    return snapshot.take(session, found)


def _number(ask: Ask) -> int:
    return command_text.number(ask.value) or 0


def press_read(ask: Ask) -> None:
    """Show everything about minutes."""
    with ask.look("consortium") as (session, caller):
        shown = _shown(session, caller, _number(ask))
    lookup.must_see(ask, caller, shown.meeting)
    ask.open(views.whole(shown, ask.origin))


def press_correct(ask: Ask) -> None:
    """Open the form for a correction."""
    with ask.look() as (session, caller):
        acceptance.look(session, caller, _number(ask), ask.now)
        shown = _shown(session, caller, _number(ask))
    ask.open(forms.correct(ask.origin, shown))


def submit_correct(ask: Ask) -> None:
    """Propose a correction."""
    with ask.begin() as (session, caller):
        said = acceptance.propose(session, caller, int(ask.carry["minutes"]), clean(ask.written("text")), ask.now)
    ask.done(said)


def press_take(ask: Ask) -> None:
    """Take a correction in."""
    _decide(ask, take=True)


def press_decline(ask: Ask) -> None:
    """Leave the minutes as they are."""
    _decide(ask, take=False)


def _decide(ask: Ask, *, take: bool) -> None:
    with ask.begin() as (session, caller):
        said = acceptance.decide(session, caller, _number(ask), ask.now, take=take)
    ask.done(said)


def press_object(ask: Ask) -> None:
    """Open the form for an objection."""
    with ask.look() as (session, caller):
        acceptance.look(session, caller, _number(ask), ask.now)
        agency = acceptance.may_object(session, caller)
        shown = _shown(session, caller, _number(ask))
    if all(one.proposal for one in shown.decisions):
        raise Refusal("Every decision in these minutes was objected to already.")
    ask.open(forms.objection(ask.origin, shown, agency))


def submit_object(ask: Ask) -> None:
    """Turn a recorded decision into a proposal."""
    place, why = int(ask.chosen("decision") or 0), clean(ask.written("why"))
    with ask.begin() as (session, caller):
        said = acceptance.object_to(session, caller, int(ask.carry["minutes"]), place, why, ask.now)
    ask.done(said)


def show(ask: Ask) -> None:
    """Open the latest minutes of this channel."""
    with ask.look() as (session, caller):
        begun = meetings.begun(session, caller.consortium.id, ask.now)
        here = [meeting for meeting, series in begun if series.channel == ask.channel]
        kept = next((found for one in here if (found := minutes.of_meeting(session, one.id))), None)
        if kept is None:
            raise Refusal("There are no minutes in this channel yet. `/meeting minutes` writes them.")
        view = views.whole(snapshot.take(session, kept), ask.origin)
    ask.open(view)
