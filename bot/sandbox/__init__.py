"""A local Slack for one app: as strict as Slack, with a clock that you can advance.

It knows only what every Slack app shows: requests, responses and a manifest.
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
