"""A Slack on this machine, for one app: strict where Slack is, with a clock that can be turned.

It knows nothing of the app beyond what any Slack app shows: requests, answers and a manifest.
"""

from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import Server, serve
from bot.sandbox.workspace import App, Channel, Credentials, Person, Workspace, empty_workspace

__all__ = [
    "App",
    "Channel",
    "Credentials",
    "Person",
    "Sandbox",
    "Server",
    "Workspace",
    "empty_workspace",
    "serve",
]
