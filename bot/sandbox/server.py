"""The sandbox on a local port: the Web API, Socket Mode, the control interface and the page."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .control import control_routes
from .page.consent import consent_routes
from .page.routes import page_routes
from .sandbox import Sandbox
from .state.world import World
from .web_api import file_urls, response_urls
from .web_api.endpoint import handle_call

HOST = "127.0.0.1"

Endpoint = Callable[[World, Request], Awaitable[Response]]


class AbortableProtocol(HttpToolsProtocol):
    """Give each request its transport, so that a fault can cut the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Store the transport in the state that requests get."""
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class QuickServer(uvicorn.Server):
    """Stop immediately when told to: tests start and stop hundreds of sandboxes."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._wake: Callable[[], object] = lambda: None

    async def main_loop(self) -> None:
        """Update the date header once a second until told to stop."""
        stopping, loop = asyncio.Event(), asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(stopping.set)
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), 1.0)

    def stop(self) -> None:
        """Stop the server from another thread."""
        self.should_exit = True
        self._wake()


@dataclass(frozen=True)
class Server:
    """The addresses of a running sandbox."""

    url: str

    @property
    def api_url(self) -> str:
        """Return the Web API's address, for `WebClient(base_url=…)`."""
        return self.url + "/api/"

    @property
    def clock_url(self) -> str:
        """Return the address at which the app follows story time."""
        return self.url + "/sandbox/clock/follow"


def slack_routes(sandbox: Sandbox) -> list[BaseRoute]:
    """Return Slack's own routes: methods, response URLs, uploads, Socket Mode."""
    world = sandbox.world

    def through(door: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            return await door(world, request)

        return endpoint

    async def link(websocket: WebSocket) -> None:
        if not world.connection_tickets.redeem(websocket.query_params.get("ticket", "")):
            await websocket.close()
            return
        await sandbox.deliveries.sockets.serve(websocket)

    return [
        Route("/api/{method:path}", through(handle_call), methods=["GET", "POST"]),
        Route("/response/{key}", through(response_urls.handle_response_url), methods=["POST"]),
        Route("/upload/{key}", through(file_urls.upload), methods=["POST", "PUT"]),
        Route("/files/{key}/{name:path}", through(file_urls.file)),
        Route("/files-pri/{key}/{name:path}", through(file_urls.private_file)),
        WebSocketRoute("/link/", link),
    ]


async def error_response(_request: Request, error: Exception) -> Response:
    """Answer an unknown address in the same shape as everything else."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else "the sandbox failed"
    return JSONResponse({"ok": False, "error": detail}, status_code=status)


def application(sandbox: Sandbox) -> Starlette:
    """Build the application from all routes."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        running = asyncio.ensure_future(sandbox.deliveries.run())
        await asyncio.sleep(0)
        yield
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    routes = [*slack_routes(sandbox), *consent_routes(sandbox.world), *control_routes(sandbox), *page_routes(sandbox)]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={HTTPException: error_response})


def listen(port: int) -> socket.socket:
    """Open a local port; 0 means any free one."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # asyncio disables Nagle's algorithm only for sockets created as TCP; with it, each answer takes 40 ms.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    listener.listen(512)
    return listener


@contextmanager
def serve(sandbox: Sandbox, port: int = 0) -> Iterator[Server]:
    """Run the sandbox in a thread while the block runs."""
    listener = listen(port)
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    sandbox.world.url = url
    config = uvicorn.Config(
        application(sandbox),
        http=AbortableProtocol,
        ws="websockets-sansio",
        log_config=None,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=60,
        ws_max_size=4_000_000,
        ws_ping_timeout=sandbox.world.wire_time.ping,
    )
    server = QuickServer(config)
    thread = threading.Thread(target=_run, args=(server, listener), name="sandbox", daemon=True)
    thread.start()
    try:
        _wait_until_up(server, thread)
        yield Server(url)
    finally:
        sandbox.clock_service.close()
        server.stop()
        thread.join(timeout=10)
        listener.close()
        sandbox.close()


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    asyncio.run(server.serve(sockets=[listener]))


def _wait_until_up(server: uvicorn.Server, thread: threading.Thread) -> None:
    while not server.started:
        thread.join(0.005)
        if not thread.is_alive():
            raise RuntimeError("the sandbox could not be started")
