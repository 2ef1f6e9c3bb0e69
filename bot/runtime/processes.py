"""The processes: everything in one, or web and worker apart."""

import contextlib
import gc
import os
import signal
import threading
from collections.abc import Callable, Iterator

import uvicorn

from bot.app import Bot
from bot.runtime import web
from bot.runtime.clock import StoryClock, SystemClock
from bot.runtime.heartbeat import Standstill
from bot.runtime.pg_notify import PgListener
from bot.runtime.scheduler import ClockFollower, Ticker
from bot.runtime.socket_mode import SocketModeConnection
from storage import health, migrate, outbox

JOIN_SECONDS = 10
STOP_SECONDS = 15
"""How long current requests may take when the web process is asked to stop: longer than the database may be silent."""


@contextlib.contextmanager
def worker(bot: Bot) -> Iterator[None]:
    """Run scheduled work and deliver messages while the block runs."""
    bot.leadership.begin()
    if isinstance(bot.clock, SystemClock):
        # the clock may have been set back while the bot was off
        with bot.db.read() as session:
            bot.sweeps.latest = health.latest_report(session)
    courier = threading.Thread(target=bot.courier.run, args=(bot.leadership.leads,), name="courier", daemon=True)
    ticker = Ticker(bot.sweeps, bot.clock)
    follower: ClockFollower | None = None
    if isinstance(bot.clock, StoryClock):
        follower = ClockFollower(bot.settings.clock_url, bot.clock, bot.sweeps, bot.courier, bot.response_urls)
        follower.start()
    listener = None if bot.db.is_sqlite else PgListener(bot.db, bot.courier.wake)
    standstill = Standstill(lambda: bot.courier.progress, lambda: _has_due_messages(bot))
    bot.heartbeat.works(bot.leadership.leads, [bot.sweeps.trouble, standstill.trouble])
    bot.heartbeat.start()
    courier.start()
    ticker.start()
    if listener:
        listener.start()
    try:
        yield
    finally:
        bot.db.hurry()
        bot.heartbeat.stop()
        if follower:
            follower.stop()
        ticker.stop()
        if listener:
            listener.stop()
        bot.courier.stop()
        courier.join(timeout=JOIN_SECONDS)
        bot.close()


def _has_due_messages(bot: Bot) -> bool:
    with bot.db.glance() as session:
        at = outbox.next_due(session)
    return at is not None and at <= bot.clock.now()


class Server:
    """The web application on a thread of its own."""

    def __init__(self, bot: Bot, host: str, port: int) -> None:
        config = uvicorn.Config(web.app(bot), host=host, port=port, log_level="warning", access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    def start(self) -> str:
        """Start serving. Return the URL. Raise OSError if the port is in use."""
        self._thread.start()
        pause = threading.Event()
        while not self._server.started:
            if not self._thread.is_alive():
                raise OSError("the web server did not start; the port may be in use")
            pause.wait(0.01)
        host, port = self._server.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    def stop(self) -> None:
        """Stop after the current requests."""
        self._server.should_exit = True
        self._thread.join(timeout=JOIN_SECONDS)


def run_all(bot: Bot, print_line: Callable[[str], None]) -> None:
    """Run everything in one process, over Socket Mode, until it is asked to stop.

    Raise `DatabaseInUse` if another process uses the database, and `ConfigurationError` if Slack rejects the app token.
    """
    migrate.upgrade(bot.db)
    with worker(bot), contextlib.ExitStack() as stack:
        server = Server(bot, "0.0.0.0", bot.settings.port)  # noqa: S104 - health checks come from outside
        url = server.start()
        stack.callback(server.stop)
        socket = SocketModeConnection(bot)
        stack.callback(socket.stop)
        connected = socket.start()
        wait_for_stop = catch_stop_signals()
        freeze_heap()
        status = "Connected to Slack" if connected else "Slack cannot be reached yet; the bot keeps trying"
        print_line(f"Running. {status}. Health: {url}/healthz")
        wait_for_stop()


def run_web(bot: Bot, print_line: Callable[[str], None]) -> None:
    """Run the web process: it handles requests from Slack and stores the messages that a worker delivers."""
    freeze_heap()
    bot.heartbeat.start()
    print_line(f"Answering Slack at port {bot.settings.port}, /slack/events")
    uvicorn.run(
        web.app(bot),
        host="0.0.0.0",  # noqa: S104 - Slack's requests come from outside
        port=bot.settings.port,
        log_level="warning",
        access_log=False,
        proxy_headers=True,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def run_worker(bot: Bot, print_line: Callable[[str], None]) -> None:
    """Run a worker: it does scheduled work and delivers messages, or stands by while another worker does."""
    with worker(bot):
        wait_for_stop = catch_stop_signals()
        freeze_heap()
        print_line("Working: delivering messages, or standing by while another worker does.")
        wait_for_stop()


def freeze_heap() -> None:
    """Exclude all existing objects from garbage collection.

    Going through all libraries again and again would take a twentieth of the bot's time.
    """
    gc.collect()
    gc.freeze()


STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def catch_stop_signals() -> Callable[[], None]:
    """Catch the signals that ask the process to stop. Return a function that waits for the first one.

    Python writes the signal to a pipe, whichever thread receives it: a handler in Python would run only when this
    thread wakes up, and setting a threading.Event in one can wait forever for a lock that the handler interrupted.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_: None)

    def wait() -> None:
        while not STOP_SIGNALS & set(os.read(reading, 16)):
            pass

    return wait
