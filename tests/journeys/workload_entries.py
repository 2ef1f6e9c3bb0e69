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


def presses_beside(town, user, label, message, place=0):
    element = accessory(message, label, place)
    body = {"user": user, "channel": "council", "ts": message["ts"], "action_id": element["action_id"]}
    block = next(b["block_id"] for b in message["blocks"] if b.get("accessory") == element)
    pressed = town.call("act", **body, block_id=block)
    assert pressed["ok"] and not pressed.get("failed"), pressed
    town.settle()
    return text_of(town.private_answer(user))


def picks(town, user, label, message):
    """Choose an option in the menu of the first entry that has one."""
    block = next(b for b in message["blocks"] if b.get("accessory", {}).get("type") == "overflow")
    option = next(o for o in block["accessory"]["options"] if o["text"]["text"] == label)
    where = {"user": user, "channel": "council", "ts": message["ts"], "block_id": block["block_id"]}
    pressed = town.call("act", **where, action_id=block["accessory"]["action_id"], value=option["value"])
    assert pressed["ok"] and not pressed.get("failed"), pressed
    town.settle()
