"""The processes: everything in one, or web and worker apart."""

import contextlib
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator

import uvicorn

from bot.app import Bot
from bot.config import ConfigurationError
from bot.runtime import web
from bot.runtime.clock import StoryClock, SystemClock
from bot.runtime.heartbeat import Standstill
from bot.runtime.pg_notify import PgListener
from bot.runtime.scheduler import ClockFollower, DueWork, Report, Ticker
from bot.runtime.socket_mode import SocketModeConnection
from storage import health, migrate, outbox

JOIN_SECONDS = 10

BACKLOG = 512
LAST_PORT = 65535


def _follow(bot: Bot, work: Callable[[], Report]) -> ClockFollower | None:
    """Follow the sandbox's clock if there is one, and do this work at each of its times."""
    if not isinstance(bot.clock, StoryClock):
        return None
    follower = ClockFollower(bot.settings.clock_url, bot.clock, work)
    follower.start()
    return follower


@contextlib.contextmanager
def worker(bot: Bot, prepare: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Run scheduled work and deliver messages while the block runs. Tables are prepared once no other process has them.

    Raise `DatabaseInUse` if another process has them.
    """
    bot.leadership.begin(prepare)
    if isinstance(bot.clock, SystemClock):
        # the clock may have been set back while the bot was off
        with bot.db.read() as session:
            bot.sweeps.latest = health.latest_report(session)
    courier = threading.Thread(target=bot.courier.run, args=(bot.leadership.leads,), name="courier", daemon=True)
    ticker = Ticker(bot.sweeps, bot.clock)
    follower = _follow(bot, DueWork(bot.clock, bot.sweeps, bot.courier, bot.response_urls).run)
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
    now = bot.clock.now()
    with bot.db.glance() as session:
        at = outbox.next_due(session, now)
    return at is not None and at <= now


def listen(host: str, port: int) -> socket.socket:
    """Open a port; 0 means any free one. Raise `ConfigurationError` if that is impossible."""
    # asyncio disables Nagle's algorithm only for sockets created as TCP
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except PermissionError:
        listener.close()
        raise ConfigurationError(f"The bot may not use port {port}. Set PORT to one above 1023.") from None
    except OSError:
        listener.close()
        raise ConfigurationError(
            f"Another program uses port {port}. Stop it, or set PORT to another one, for example PORT={_other(port)}."
        ) from None
    return listener


def _other(port: int) -> int:
    return port + 1 if port < LAST_PORT else port - 1


class Server:
    """The web application on a thread of its own."""

    def __init__(self, bot: Bot, host: str, port: int) -> None:
        """Open the port. Raise `ConfigurationError` if that is impossible."""
        self._listener = listen(host, port)
        self._server = uvicorn.Server(web.server_config(bot))
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],), name="web", daemon=True)

    def start(self) -> str:
        """Start serving. Return the URL."""
        self._thread.start()
        pause = threading.Event()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the web server did not start")
            pause.wait(0.01)
        host, port = self._listener.getsockname()[:2]
        return f"http://{host}:{port}"

    def stop(self) -> None:
        """Stop after the current requests."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=JOIN_SECONDS)
        self._listener.close()


def run_all(bot: Bot, print_line: Callable[[str], None]) -> None:
    """Run everything in one process, over Socket Mode, until it is asked to stop.

    Raise `DatabaseInUse` if another process uses the database, and `ConfigurationError` if Slack rejects the app token.
    """
    with worker(bot, lambda: migrate.upgrade(bot.db)), contextlib.ExitStack() as stack:
        server = Server(bot, "0.0.0.0", bot.settings.port)  # noqa: S104 - health checks come from outside
        url = server.start()
        stack.callback(server.stop)
        slack = SocketModeConnection(bot)
        stack.callback(slack.stop)
        connected = slack.start()
        wait_for_stop = catch_stop_signals()
        freeze_heap()
        status = "Connected to Slack" if connected else "Slack cannot be reached yet; the bot keeps trying"
        print_line(f"Running. {status}. Health: {url}/healthz")
        wait_for_stop()


def run_web(bot: Bot, print_line: Callable[[str], None]) -> None:
    """Run the web process: it handles requests from Slack and stores the messages that a worker delivers."""
    with contextlib.closing(listen("0.0.0.0", bot.settings.port)) as listener:  # noqa: S104 - Slack is outside
        follower = _follow(bot, lambda: _finish_answers(bot))
        freeze_heap()
        bot.heartbeat.start()
        print_line(f"Answering Slack at port {bot.settings.port}, /slack/events")
        uvicorn.Server(web.server_config(bot)).run([listener])
        if follower:
            follower.stop()


def _finish_answers(bot: Bot) -> Report:
    """Send the private answers of this process. Nothing else is due here: that is the work of a worker."""
    bot.response_urls.drain()
    return {}


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
