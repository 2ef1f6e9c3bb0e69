"""The clock at the side: what time it is, where it can be turned to, and what came while it turned."""

from datetime import datetime, timedelta

from ..clock.advance import ClockAdvance
from ..interactions.recent_messages import recent_messages
from ..json_values import Json
from .context import Sight
from .dates import clock_time
from .fragments import Piece, piece
from .location import Place

_REMEMBERED = timedelta(minutes=15)  # of the story: what came on the way is shown for so long
_MOST = 99


def clock(sight: Sight) -> Piece:
    """Draw the time and the buttons that turn it."""
    here = sight.reader.here
    due, words = sight.sandbox.clock_service.upcoming()
    return piece(
        "clock",
        "clock.html",
        here=here,
        zone=sight.reader.zone.key.replace("_", " "),
        monday=_monday(here).isoformat(),
        due=due.isoformat() if due else "",
        due_at=_moment(due.astimezone(here.tzinfo), here) if due else "",
        due_words=words or "something of the app's",
        way=_running(sight),
    )


def now(sight: Sight) -> Piece:
    """Draw the time for those whose window is too narrow for the whole clock."""
    return piece("now", "now.html", here=sight.reader.here, way=_running(sight))


def arrived(sight: Sight) -> list[Piece]:
    """Tell what came for a person since the clock began to turn, while it does and a little longer."""
    journey = sight.sandbox.clock_service.latest_advance
    if journey is None or not journey.over or (journey.end and journey.end + _REMEMBERED < sight.reader.now):
        return []
    way = _way(journey, sight)
    return [piece("arrived", "arrived.html", way=way, running=journey.end is None, lines=_arrivals(sight, journey))]


def _running(sight: Sight) -> Json | None:
    """Say how far a turn has come that people watch."""
    journey = sight.sandbox.clock_service.latest_advance
    return _way(journey, sight) if journey and journey.over and journey.end is None else None


def _way(journey: ClockAdvance, sight: Sight) -> Json:
    zone = sight.reader.zone
    start, now = journey.start.astimezone(zone), (journey.end or sight.reader.now).astimezone(zone)
    goal = journey.goal.astimezone(zone)
    whole = (goal - start).total_seconds() or 1
    share = min(1.0, max(0.0, (now - start).total_seconds() / whole))
    return {
        "start": _moment(start, now),
        "now": _moment(now, now),
        "goal": _moment(goal, now),
        "share": round(100 * share),
    }


def _arrivals(sight: Sight, journey: ClockAdvance) -> list[Json]:
    """Count what others and the app have said meanwhile, place by place."""
    since = f"{journey.start.timestamp():.6f}"
    until = f"{journey.end.timestamp():.6f}" if journey.end else "~"
    found = []
    for room in [*sight.rooms, None]:
        target = str(room["id"]) if room else f"@{sight.me['name']}"
        said = [one for one in recent_messages(sight.sandbox.world, sight.me["id"], target, since, _MOST) if one.ts <= until]
        name = str(room["name"]) if room else f"@{sight.me['name']}"
        href = Place(sight.me["name"], name, inspect=sight.place.inspect).address()
        if said:
            found.append({"count": len(said), "room": room, "href": href})
    return found


def _monday(here: datetime) -> datetime:
    """Give the next Monday at nine, on the wall that `here` hangs on."""
    day = here.date() + timedelta(days=-here.weekday())
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=here.tzinfo)
    if nine > here:
        return nine
    day += timedelta(days=7)
    return datetime(day.year, day.month, day.day, 9, tzinfo=here.tzinfo)


def _moment(moment: datetime, here: datetime) -> str:
    """Say a moment as briefly as it can be understood: "Tue 9:00 AM", further away with its date."""
    near = abs(moment - here) < timedelta(days=6)
    return f"{moment:%a} {clock_time(moment)}" if near else f"{moment:%a %-d %b} {clock_time(moment)}"
