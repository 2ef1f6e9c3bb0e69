"""One vote by button and one by typing, traced through the real app: files, transactions and the deepest stack."""

import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from slack_bolt import Ack
from slack_bolt.listener import CustomListener

from storage.database import Database
from tests.house.shape import ROOT
from tests.town import open_town

LAYERS = tuple(f"{ROOT}/{layer}/" for layer in ("bot", "handlers", "storage"))
SANDBOX = f"{ROOT}/bot/sandbox/"
LISTENER, ACKNOWLEDGMENT = CustomListener.run_ack_function.__code__, Ack.__call__.__code__
TRANSACTIONS = ("begin", "together", "read", "glance")


@dataclass
class Trace:
    """What one listener ran, from its start to its acknowledgment."""

    files: set[str] = field(default_factory=set)
    transactions: list[str] = field(default_factory=list)
    deepest: list[str] = field(default_factory=list)
    thread: int | None = None
    over: bool = False


class Tracer:
    """Profiles all threads that start after it; it records only in the thread of the listener."""

    def __init__(self) -> None:
        self._trace: Trace | None = None
        for name in TRANSACTIONS:
            setattr(Database, name, self._counted(name, getattr(Database, name)))
        threading.setprofile(self._profile)

    @contextmanager
    def next_listener(self) -> Iterator[Trace]:
        """Record the next listener that runs."""
        self._trace = trace = Trace()
        yield trace
        self._trace = None
        assert trace.over, "no listener acknowledged anything"

    def _is_recording(self) -> bool:
        trace = self._trace
        return trace is not None and not trace.over and trace.thread == threading.get_ident()

    def _profile(self, frame: FrameType, event: str, _arg: object) -> None:
        trace = self._trace
        if trace is None or trace.over or event != "call":
            return
        if frame.f_code is LISTENER and trace.thread is None:
            trace.thread = threading.get_ident()
        elif self._is_recording():
            if frame.f_code is ACKNOWLEDGMENT:
                trace.over = True
            elif _is_ours(frame):
                trace.files.add(frame.f_code.co_filename.removeprefix(f"{ROOT}/"))
                stack = _stack(frame)
                trace.deepest = max(trace.deepest, stack, key=len)

    def _counted(self, name: str, method):
        """Count a method of the database, unless another method of the database calls it."""

        def run(db: Database):
            inside = sys._getframe(1).f_code.co_filename == sys.modules[Database.__module__].__file__
            if self._is_recording() and not inside:
                self._trace.transactions.append(name)
            return method(db)

        return run


def _is_ours(frame: FrameType) -> bool:
    path = frame.f_code.co_filename
    return path.startswith(LAYERS) and not path.startswith(SANDBOX)


def _stack(frame: FrameType) -> list[str]:
    """List the project's functions on the stack, from the listener on."""
    names = []
    while frame is not None and frame.f_code is not LISTENER:
        if _is_ours(frame):
            module = frame.f_code.co_filename.rpartition("/")[2].removesuffix(".py")
            names.append(f"{module}.{frame.f_code.co_name}")
        frame = frame.f_back
    return names[::-1]


def measure() -> dict[str, Trace]:
    """Let two representatives vote in a sandbox, after a third has filled the caches."""
    tracer = Tracer()
    with tempfile.TemporaryDirectory() as folder, open_town(f"sqlite:///{folder}/bot.db") as town:
        town.found()
        message = town.proposes()
        town.types("finn", "/vote 1 abstain")
        town.presses("finn", "Agree", message)
        with tracer.next_listener() as button:
            town.presses("ben", "Agree", message)
        with tracer.next_listener() as typed:
            town.types("cleo", "/vote 1 agree")
    threading.setprofile(None)
    return {"by button": button, "by typing": typed}
