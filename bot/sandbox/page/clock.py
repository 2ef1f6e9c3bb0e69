"""The clock in the sidebar: the time, the buttons that advance it, and the messages that came meanwhile."""

from datetime import datetime, timedelta

from ..clock.advance import ClockAdvance
from ..interactions.recent_messages import recent_messages
from ..json_values import Json
from .context import PageContext
from .dates import clock_time
from .fragments import Fragment, render_fragment
from .location import Location

_SHOWN_AFTERWARDS = timedelta(minutes=15)  # of story time: how long new messages are listed afterwards
_MAX_COUNTED = 99


def render_clock(context: PageContext) -> Fragment:
    """Render the time and the buttons that advance it."""
    here = context.reader.local_now
    due, text = context.sandbox.clock_service.upcoming()
    return render_fragment(
        "clock",
        "clock.html",
        here=here,
        zone=context.reader.zone.key.replace("_", " "),
        monday=_next_monday(here).isoformat(),
        due=due.isoformat() if due else "",
        due_at=_brief_time(due.astimezone(here.tzinfo), here) if due else "",
        due_words=text or "something in the app",
        way=_running_progress(context),
    )


def render_narrow_clock(context: PageContext) -> Fragment:
    """Render the time for narrow windows."""
    return render_fragment("now", "now.html", here=context.reader.local_now, way=_running_progress(context))


def render_arrivals(context: PageContext) -> list[Fragment]:
    """Render what came for a person since the clock began to advance, until shortly afterwards."""
    advance = context.sandbox.clock_service.latest_advance
    if advance is None or not advance.seconds or (advance.end and advance.end + _SHOWN_AFTERWARDS < context.reader.now):
        return []
    way = _progress(advance, context)
    return [
        render_fragment(
            "arrived", "arrived.html", way=way, running=advance.end is None, lines=_new_messages(context, advance)
        )
    ]


def _running_progress(context: PageContext) -> Json | None:
    """Return the progress of an advance that people watch; None if there is none."""
    advance = context.sandbox.clock_service.latest_advance
    return _progress(advance, context) if advance and advance.seconds and advance.end is None else None


def _progress(advance: ClockAdvance, context: PageContext) -> Json:
    zone = context.reader.zone
    start, render_narrow_clock = advance.start.astimezone(zone), (advance.end or context.reader.now).astimezone(zone)
    goal = advance.goal.astimezone(zone)
    total = (goal - start).total_seconds() or 1
    share = min(1.0, max(0.0, (render_narrow_clock - start).total_seconds() / total))
    return {
        "start": _brief_time(start, render_narrow_clock),
        "now": _brief_time(render_narrow_clock, render_narrow_clock),
        "goal": _brief_time(goal, render_narrow_clock),
        "share": round(100 * share),
    }


def _new_messages(context: PageContext, advance: ClockAdvance) -> list[Json]:
    """Count the messages from others during an advance, for each conversation."""
    since = f"{advance.start.timestamp():.6f}"
    until = f"{advance.end.timestamp():.6f}" if advance.end else "~"
    entries = []
    for room in [*context.rooms, None]:
        target = str(room["id"]) if room else f"@{context.me['name']}"
        messages = [
            message
            for message in recent_messages(context.sandbox.world, context.me["id"], target, since, _MAX_COUNTED)
            if message.ts <= until
        ]
        name = str(room["name"]) if room else f"@{context.me['name']}"
        href = Location(context.me["name"], name, inspect=context.location.inspect).address()
        if messages:
            entries.append({"count": len(messages), "room": room, "href": href})
    return entries


def _next_monday(here: datetime) -> datetime:
    """Return the next Monday at 9 AM, in the zone of `here`."""
    day = here.date() + timedelta(days=-here.weekday())
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=here.tzinfo)
    if nine > here:
        return nine
    day += timedelta(days=7)
    return datetime(day.year, day.month, day.day, 9, tzinfo=here.tzinfo)


def _brief_time(time: datetime, here: datetime) -> str:
    """Format a time briefly: "Tue 9:00 AM", with its date if it is further away."""
    near = abs(time - here) < timedelta(days=6)
    return f"{time:%a} {clock_time(time)}" if near else f"{time:%a %-d %b} {clock_time(time)}"
