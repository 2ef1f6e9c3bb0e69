"""A Slack on this machine, for one app: strict where Slack is, with a clock that can be turned.

It knows nothing of the app beyond what any Slack app shows: requests, answers and a manifest.
"""

from .sandbox import Sandbox
from .server import Server, serve
from .wire_time import PATIENT, WireTime
from .workspace import App, Channel, Credentials, Person, Workspace, empty_workspace

__all__ = [
    "PATIENT",
    "App",
    "Channel",
    "Credentials",
    "Person",
    "Sandbox",
    "Server",
    "WireTime",
    "Workspace",
    "empty_workspace",
    "serve",
]
