"""Lists of entries behind `/workload`: what is stored, and the buttons and menus beside entries."""

from sqlalchemy import select

from tests.town import text_of


def listed(town, user, command):
    town.types(user, f"/workload {command}")
    return town.private_answer(user)


def kept(town, table):
    """List the stored rows that were not taken back or ended, oldest first."""
    over = getattr(table, "taken_back_at", None)
    over = table.ended_at if over is None and hasattr(table, "ended_at") else over
    with town.bot.db.read() as session:
        found = select(table).order_by(table.id)
        return list(session.scalars(found if over is None else found.where(over.is_(None))))


def accessory(message, label, place=0):
    """Return the button beside the text of an entry."""
    found = [b["accessory"] for b in message["blocks"] if b.get("accessory", {}).get("text", {}).get("text") == label]
    return found[place]


def as_it_is(town, user, message):
    """Return a message, or a window as it is now: it changes after each press."""
    return town.views(user)[-1] if message.get("type") == "modal" else message


def place_of(message):
    """Return where a message is, or a window."""
    if message.get("type") == "modal":
        return {"view_id": message["id"]}
    return {"channel": "council", "ts": message["ts"]}


def presses_beside(town, user, label, message, place=0):
    message = as_it_is(town, user, message)
    element = accessory(message, label, place)
    body = {"user": user, **place_of(message), "action_id": element["action_id"]}
    block = next(b["block_id"] for b in message["blocks"] if b.get("accessory") == element)
    pressed = town.call("act", **body, block_id=block)
    assert pressed["ok"] and not pressed.get("failed"), pressed
    town.settle()
    return text_of(town.private_answer(user))


def picks(town, user, label, message):
    """Choose an option in the menu of the first entry that has one."""
    message = as_it_is(town, user, message)
    block = next(b for b in message["blocks"] if b.get("accessory", {}).get("type") == "overflow")
    option = next(o for o in block["accessory"]["options"] if o["text"]["text"] == label)
    where = {"user": user, **place_of(message), "block_id": block["block_id"]}
    pressed = town.call("act", **where, action_id=block["accessory"]["action_id"], value=option["value"])
    assert pressed["ok"] and not pressed.get("failed"), pressed
    town.settle()
