"""The processes: everything in one, or web and worker apart."""

import contextlib
import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator

import structlog
import uvicorn

from bot.app import Bot
from bot.runtime import web
from bot.runtime.clock import StoryClock
from bot.runtime.pg_notify import PgListener
from bot.runtime.scheduler import ClockFollower, Ticker
from bot.runtime.socket_mode import SocketModeConnection
from storage import migrate

log = structlog.get_logger()


@contextlib.contextmanager
def working(bot: Bot) -> Iterator[None]:
    """Tick and deliver while the block runs."""
    bot.leadership.begin()
    courier = threading.Thread(target=bot.courier.run, args=(bot.leadership.leads,), name="courier", daemon=True)
    ticker = Ticker(bot.sweeps, bot.clock)
    follower: ClockFollower | None = None
    if isinstance(bot.clock, StoryClock):
        follower = ClockFollower(bot.settings.clock_url, bot.clock, bot.sweeps, bot.courier, bot.response_urls)
        follower.start()
    listening = None if bot.db.is_sqlite else PgListener(bot.db, bot.courier.wake)
    courier.start()
    ticker.start()
    if listening:
        listening.start()
    try:
        yield
    finally:
        if follower:
            follower.stop()
        ticker.stop()
        if listening:
            listening.stop()
        bot.courier.stop()
        courier.join(timeout=10)
        bot.close()


class Server:
    """The web application on a thread of its own."""

    def __init__(self, bot: Bot, host: str, port: int) -> None:
        config = uvicorn.Config(web.app(bot), host=host, port=port, log_level="warning", access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> str:
        """Begin to answer; give the address. Raises OSError where the port is taken."""
        self._thread.start()
        pause = threading.Event()
        while not self._server.started:
            if not self._thread.is_alive():
                raise OSError("the web server did not start; the port may be in use")
            pause.wait(0.01)
        host, port = self._server.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    def stop(self) -> None:
        """End after the requests that are under way."""
        self._server.should_exit = True
        self._thread.join(timeout=10)


def run(bot: Bot, say: Callable[[str], None]) -> None:
    """Run everything in one process, over Socket Mode, until stopped.

    Raises Taken where another process has the database, and Wrong where Slack does not take the app token.
    """
    migrate.upgrade(bot.db)
    with working(bot), contextlib.ExitStack() as stack:
        server = Server(bot, "0.0.0.0", bot.settings.port)  # noqa: S104 - health checks come from outside
        address = server.start()
        stack.callback(server.stop)
        socket = SocketModeConnection(bot)
        stack.callback(socket.stop)
        connected = socket.start()
        wait = ending()
        settle()
        how = "Connected to Slack" if connected else "Slack is out of reach for now and is tried again and again"
        say(f"Running. {how}; health at {address}/healthz")
        wait()


def serve(bot: Bot, say: Callable[[str], None]) -> None:
    """Run the web process: it takes requests and stores them; a worker delivers."""
    settle()
    say(f"Answering Slack at port {bot.settings.port}, /slack/events")
    uvicorn.run(
        web.app(bot),
        host="0.0.0.0",  # noqa: S104 - Slack comes from outside
        port=bot.settings.port,
        log_level="warning",
        access_log=False,
        proxy_headers=True,
    )


def work(bot: Bot, say: Callable[[str], None]) -> None:
    """Run the worker: it ticks and delivers; a second one stands by."""
    with working(bot):
        wait = ending()
        settle()
        say("Working: ticking and delivering, or standing by while another worker does.")
        wait()


def settle() -> None:
    """Tell the collector of garbage that what is there by now stays.

    Looking through all libraries again and again would take a twentieth of the bot's time.
    """
    gc.collect()
    gc.freeze()


def ending() -> Callable[[], None]:
    """Heed from now on that the process is asked to end; what is given waits until it was.

    The signal itself is written to a pipe, whichever thread it reaches: a handler in Python would run only when
    this thread wakes, and setting a threading.Event in one can wait for ever for a lock that it interrupted.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for sign in ENDS:
        signal.signal(sign, lambda *_: None)

    def wait() -> None:
        while not ENDS & set(os.read(reading, 16)):
            pass

    return wait


ENDS = {signal.SIGTERM, signal.SIGINT}
