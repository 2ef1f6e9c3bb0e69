"""Tickets for Socket Mode connections, each good for one."""

import secrets


class ConnectionTickets:
    """Give out addresses for Socket Mode connections, each good for one."""

    def __init__(self) -> None:
        self._open: set[str] = set()

    def issue(self) -> str:
        """Make a ticket."""
        ticket = secrets.token_urlsafe(16)
        self._open.add(ticket)
        return ticket

    def redeem(self, ticket: str) -> bool:
        """Use a ticket up; say whether it was one."""
        if ticket not in self._open:
            return False
        self._open.discard(ticket)
        return True
