"""Steps of journeys with imports."""

import base64

from tests.town import text_of


def hands_in(town, table=None, file=None, user="ana"):
    """Paste a table or choose a file. Return what the form refuses, or the direct message that follows."""
    town.types(user, "/consortium import")
    before = {m["ts"] for m in town.direct(user)}
    answer = town.fills(user, **({"file": file} if file is not None else {"table": table}))
    town.closes_forms(user)
    if answer["errors"]:
        return next(iter(answer["errors"].values()))
    town.settle()
    return next((m for m in reversed(town.direct(user)) if m["ts"] not in before), None)


def file(name, content):
    return {"name": name, "base64": base64.b64encode(content).decode()}


def presses(town, label, message, user="ana"):
    """Press a button of a direct message about an import. Return the last direct message."""
    town.presses(user, label, message, f"@{user}")
    town.settle()
    return town.direct(user)[-1]


def confirms(town, message, user="ana"):
    """Press the button that imports. Return the message with the result."""
    labels = [
        e["text"]["text"] for b in message["blocks"] for e in b.get("elements", []) if isinstance(e.get("text"), dict)
    ]
    return presses(town, next(label for label in labels if label.startswith("Import ")), message, user)


def imports(town, table=None, file=None, user="ana"):
    """Hand a table in and confirm its preview. Return the text of the result."""
    preview = hands_in(town, table, file, user)
    return text_of(confirms(town, preview, user))
