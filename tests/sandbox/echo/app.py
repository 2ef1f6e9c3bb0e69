"""A small app in Bolt for Python, as anyone would write it; only the addresses are the sandbox's."""

import os
import sys

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore

BUTTON = {"type": "button", "action_id": "press", "text": {"type": "plain_text", "text": "Press"}, "value": "7"}
FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Echo"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "note",
            "label": {"type": "plain_text", "text": "Note"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "tree",
            "label": {"type": "plain_text", "text": "Tree"},
            "element": {"type": "external_select", "action_id": "trees", "min_query_length": 1},
        },
    ],
}


def command(ack, command, client):
    """Repeat the text, with a button below."""
    ack(f"you said {command['text']}")
    row = {"type": "actions", "block_id": "row", "elements": [BUTTON]}
    client.chat_postMessage(channel=command["channel_id"], text="A button", blocks=[row])


def press(ack, action, respond):
    """Post the value of the button where it was pressed."""
    ack()
    respond(text=f"pressed {action['value']}", replace_original=False)


def shortcut(ack, body, client):
    """Open the form."""
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=FORM)


def trees(ack, payload):
    """Offer trees that start with the typed text."""
    found = [name for name in ("Elm", "Oak", "Olive") if name.lower().startswith(payload["value"])]
    ack(options=[{"text": {"type": "plain_text", "text": name}, "value": name} for name in found])


def form(ack, view, body, client):
    """Refuse a note that is too short, and send any other to its author."""
    values = view["state"]["values"]
    note = values["note"]["text"]["value"]
    if len(note) < 3:
        ack(response_action="errors", errors={"note": "a little longer"})
        return
    ack()
    tree = values["tree"]["trees"]["selected_option"]["value"]
    client.chat_postMessage(channel=body["user"]["id"], text=f"{note}, {tree}")


def mention(event, say):
    """Say who mentioned the app."""
    say(f"<@{event['user']}> called")


def install_settings():
    """Return the settings for OAuth, with the sandbox's consent page."""
    store = FileInstallationStore(base_dir=os.environ["ECHO_FOLDER"])
    settings = OAuthSettings(
        client_id=os.environ["SLACK_CLIENT_ID"],
        client_secret=os.environ["SLACK_CLIENT_SECRET"],
        scopes=["app_mentions:read", "chat:write", "commands", "im:write"],
        authorization_url=os.environ["SLACK_AUTHORIZE_URL"],
        installation_store=store,
        state_store=FileOAuthStateStore(expiration_seconds=600, base_dir=os.environ["ECHO_FOLDER"]),
    )
    # The app gets the store too, so that tokens are refreshed at the client's address.
    return {"oauth_settings": settings, "installation_store": store}


def main(mode):
    """Run over HTTP, through Socket Mode, or over HTTP with OAuth."""
    client = WebClient(base_url=os.environ["SLACK_API_URL"], token=os.environ.get("SLACK_BOT_TOKEN"))
    more = install_settings() if mode == "oauth" else {}
    app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"], **more)
    app.command("/echo")(command)
    app.action("press")(press)
    app.shortcut("note")(shortcut)
    app.options("trees")(trees)
    app.view("form")(form)
    app.event("app_mention")(mention)
    if more:
        app.enable_token_revocation_listeners()
    if mode == "socket":
        SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
    else:
        app.start(port=int(os.environ["PORT"]))


if __name__ == "__main__":
    main(sys.argv[1])
