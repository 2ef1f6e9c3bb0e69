"""What is pressed and filled in around minutes."""

from sqlalchemy.orm import Session

from handlers.kit import command_text
from handlers.kit.block_kit import refill
from handlers.kit.callers import Caller
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import SlackRequest
from handlers.kit.text import clean
from handlers.meetings import lookup
from handlers.meetings import snapshot as pictures
from handlers.meetings.audience import check_sees_meeting
from handlers.meetings.lookup import pressed
from handlers.meetings.minutes import acceptance, forms, rules, snapshot, views, writing
from handlers.meetings.minutes.writing import MinutesDraft
from storage import agencies, agendas, meetings, members, minutes
from storage.meetings import Meeting
from storage.vocabulary import AgencyId, ItemId


def write(request: SlackRequest) -> None:
    """Open the form for the minutes that are lacking."""
    with request.look() as (session, caller):
        found = lookup.to_write(session, caller, request)
        if found is None:
            raise Refusal("No meeting here waits for its minutes. `/meeting` lists what is planned.")
        meeting_id = found[1].id
    _open(request, meeting_id)


def press_write(request: SlackRequest) -> None:
    """Open the form from a button."""
    _open(request, pressed(request))


def _open(request: SlackRequest, meeting_id: int) -> None:
    with request.look() as (session, caller):
        found = meetings.get(session, caller.consortium.id, meeting_id)
        check_sees_meeting(request, caller, lookup.picture(session, caller, meeting_id))
        writing.writable(session, caller, found, request.now)
        view = _form(session, caller, request.origin, meeting_id, each=False)
    request.open(view)


def _form(
    session: Session, caller: Caller, carry: dict[str, object], meeting_id: int, *, each: bool
) -> dict[str, object]:
    shown = lookup.picture(session, caller, meeting_id)
    names = {one.id: one.name for one in agencies.living(session, caller.consortium.id)}
    return forms.write(carry, shown, names, each=each)


def press_each(request: SlackRequest) -> None:
    """Give each item a field of its own; what was filled in stays."""
    with request.look() as (session, caller):
        view = _form(session, caller, {**request.carry, "each": True}, int(request.carry["meeting"]), each=True)
    request.change(refill(view, request.body["view"]))


def submit_write(request: SlackRequest) -> None:
    """Post minutes."""
    with request.begin() as (session, caller):
        found = meetings.get(session, caller.consortium.id, pressed(request))
        _, meeting = writing.writable(session, caller, found, request.now)
        said = writing.post(session, caller, meeting.id, _draft(session, caller, request, meeting), request.now)
    request.done(said)


def _draft(session: Session, caller: Caller, request: SlackRequest, meeting: Meeting) -> MinutesDraft:
    """Read minutes from the form. Raises Refusal at the field."""
    items = agendas.of_meeting(session, meeting.id)
    living = {one.id for one in agencies.living(session, caller.consortium.id)}
    people = members.living(session, caller.consortium.id)
    decisions = [" ".join(line.strip(" -–•*").split()) for line in clean(request.written("decisions")).split("\n")]
    return MinutesDraft(
        parts=_parts(request, [(item.id, item.title) for item in items], forms.filled(pictures.take(session, meeting))),
        decisions=[text for text in decisions if text],
        actions=rules.read(request.written("actions"), people, request.now, caller.zone),
        agencies=[AgencyId(int(one)) for one in request.ticked("agencies") if int(one) in living],
        people=" ".join(clean(request.written("people")).split()),
        left={ItemId(int(one)) for one in request.ticked("left")},
    )


def _parts(request: SlackRequest, items: list[tuple[ItemId, str]], filled: str) -> list[tuple[str, str]]:
    """Read the texts; a text that was left as it was filled in says nothing."""
    notes = clean(request.written("notes"))
    notes = "" if notes.split() == filled.split() else notes
    if not request.carry.get("each"):
        return [("", notes)]
    each = [(title, clean(request.written(f"item.{id_}"))) for id_, title in items]
    return [*each, ("Anything else" if any(text for _, text in each) else "", notes)]


# afterwards --------------------------------------------------------------------------------------------


def _shown(session: Session, caller: Caller, minutes_id: int) -> snapshot.MinutesSnapshot:
    found = minutes.get(session, caller.consortium.id, minutes_id)
    if found is None:
        raise Refusal("There are no such minutes.")
    return snapshot.take(session, found)


def _number(request: SlackRequest) -> int:
    return command_text.number(request.value) or 0


def press_read(request: SlackRequest) -> None:
    """Show everything about minutes."""
    with request.look("consortium") as (session, caller):
        shown = _shown(session, caller, _number(request))
    check_sees_meeting(request, caller, shown.meeting)
    request.open(views.whole(shown, request.origin))


def press_correct(request: SlackRequest) -> None:
    """Open the form for a correction."""
    with request.look() as (session, caller):
        acceptance.look(session, caller, _number(request), request.now)
        shown = _shown(session, caller, _number(request))
    request.open(forms.correct(request.origin, shown))


def submit_correct(request: SlackRequest) -> None:
    """Propose a correction."""
    with request.begin() as (session, caller):
        said = acceptance.propose(
            session, caller, int(request.carry["minutes"]), clean(request.written("text")), request.now
        )
    request.done(said)


def press_take(request: SlackRequest) -> None:
    """Take a correction in."""
    _decide(request, take=True)


def press_decline(request: SlackRequest) -> None:
    """Leave the minutes as they are."""
    _decide(request, take=False)


def _decide(request: SlackRequest, *, take: bool) -> None:
    with request.begin() as (session, caller):
        said = acceptance.decide(session, caller, _number(request), request.now, take=take)
    request.done(said)


def press_object(request: SlackRequest) -> None:
    """Open the form for an objection."""
    with request.look() as (session, caller):
        acceptance.look(session, caller, _number(request), request.now)
        agency = acceptance.may_object(session, caller)
        shown = _shown(session, caller, _number(request))
    if all(one.proposal for one in shown.decisions):
        raise Refusal("Every decision in these minutes was objected to already.")
    request.open(forms.objection(request.origin, shown, agency))


def submit_object(request: SlackRequest) -> None:
    """Turn a recorded decision into a proposal."""
    place, why = int(request.chosen("decision") or 0), clean(request.written("why"))
    with request.begin() as (session, caller):
        said = acceptance.object_to(session, caller, int(request.carry["minutes"]), place, why, request.now)
    request.done(said)


def show(request: SlackRequest) -> None:
    """Open the latest minutes of this channel."""
    with request.look() as (session, caller):
        begun = meetings.begun(session, caller.consortium.id, request.now)
        here = [meeting for meeting, series in begun if series.channel == request.channel]
        kept = next((found for one in here if (found := minutes.of_meeting(session, one.id))), None)
        if kept is None:
            raise Refusal("There are no minutes in this channel yet. `/meeting minutes` writes them.")
        view = views.whole(snapshot.take(session, kept), request.origin)
    request.open(view)
