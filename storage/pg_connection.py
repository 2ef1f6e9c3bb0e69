"""A connection to PostgreSQL that does not wait forever for a server that has gone silent.

The network may swallow everything while the connection looks well: a proxy or a firewall still confirms each packet, so
neither TCP nor the server's own time-outs notice. Only the one who waits for an answer can.
"""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
from psycopg.errors import _WaitTimeout


class ServerSilent(psycopg.OperationalError):
    """The server did not answer in time. The connection is closed, because the answer may still come."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection on which every answer has to come within some seconds; None if it may take as long as it needs."""

    seconds: Callable[[], float | None]

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer. Raise `ServerSilent` if it does not come; waiting for notifications has a time-out."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.seconds())
        except _WaitTimeout:
            self.close()
            raise ServerSilent("the database server did not answer") from None


def connect(seconds: Callable[[], float], **arguments: Any) -> PatientConnection:
    """Connect. Every answer has to come within `seconds`, which is asked each time."""
    connection = PatientConnection.connect(**arguments)
    connection.seconds = seconds
    return connection
