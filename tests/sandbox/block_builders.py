"""Short ways to write Block Kit in tests."""


def plain(text):
    return {"type": "plain_text", "text": text}


def button(**more):
    return {"type": "button", "action_id": "press", "text": plain("Press"), **more}


def field(label, element, **more):
    return {"type": "input", "block_id": label.lower(), "label": plain(label), "element": element, **more}


def modal(*blocks, **more):
    base = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Send")}
    return {
        **base,
        "blocks": list(blocks) or [field("Name", {"type": "plain_text_input", "action_id": "name"})],
        **more,
    }
