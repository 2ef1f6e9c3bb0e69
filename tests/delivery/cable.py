"""A way to PostgreSQL that can be cut and mended: bytes carried between a port of this machine and the server."""

import contextlib
import socket
import threading
from contextlib import contextmanager

import psycopg


@contextmanager
def cable(url):
    """Give the address of the server at the other end of a cable, and the cable."""
    with psycopg.connect(url) as known:
        host, port, user, name = known.info.host, known.info.port, known.info.user, known.info.dbname
    line = Cable(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port))
    try:
        yield f"postgresql://{user}@127.0.0.1:{line.port}/{name}", line
    finally:
        line.close()


class Cable:
    """Carries connections until it is cut; then all of them break, and new ones too."""

    def __init__(self, server):
        self._server = server
        self._sockets = set()
        self._whole = True
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        self._whole = False
        for one in list(self._sockets):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self):
        self._whole = True

    def close(self):
        self.cut()
        self._door.close()

    def _accept(self):
        while True:
            try:
                here, _ = self._door.accept()
            except OSError:
                return
            if not self._whole:
                here.close()
                continue
            there = socket.socket(socket.AF_UNIX if isinstance(self._server, str) else socket.AF_INET)
            there.connect(self._server)
            self._sockets |= {here, there}
            for pair in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source, goal):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                goal.sendall(data)
        for one in (source, goal):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
            self._sockets.discard(one)
