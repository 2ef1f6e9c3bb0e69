"""A connection to PostgreSQL that can be cut and mended: a proxy on a local port."""

import contextlib
import socket
import threading
from contextlib import contextmanager

import psycopg


@contextmanager
def cable(url):
    """Yield the URL of the server through a cable, and the cable."""
    with psycopg.connect(url) as known:
        host, port, user, name = known.info.host, known.info.port, known.info.user, known.info.dbname
    proxy = Cable(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port))
    try:
        yield f"postgresql://{user}@127.0.0.1:{proxy.port}/{name}", proxy
    finally:
        proxy.close()


class Cable:
    """Forwards connections until it is cut, when all of them break and new ones are refused, or until it is clogged.

    A clogged cable accepts everything and delivers nothing. What was connected then stays silent forever.
    """

    def __init__(self, server):
        self._server = server
        self._sockets = set()
        self._intact = True
        self._clogged = False
        self._silent = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        self._intact = False
        for end in list(self._sockets):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def clog(self):
        self._clogged = True
        self._silent |= self._sockets

    def mend(self):
        self._intact, self._clogged = True, False

    def close(self):
        self.cut()
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if not self._intact:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX if isinstance(self._server, str) else socket.AF_INET)
            server.connect(self._server)
            self._sockets |= {client, server}
            if self._clogged:
                self._silent |= {client, server}
            for pair in ((client, server), (server, client)):
                threading.Thread(target=self._forward, args=pair, daemon=True).start()

    def _forward(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if source not in self._silent:
                    target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
            self._sockets.discard(end)
