"""Tickets for Socket Mode connections, each good for one."""

import secrets


class ConnectionTickets:
    """Issue tickets for Socket Mode connections, and redeem each once."""

    def __init__(self) -> None:
        self._open: set[str] = set()

    def issue(self) -> str:
        """Issue a ticket."""
        ticket = secrets.token_urlsafe(16)
        self._open.add(ticket)
        return ticket

    def redeem(self, ticket: str) -> bool:
        """Redeem a ticket; return whether it was valid."""
        if ticket not in self._open:
            return False
        self._open.discard(ticket)
        return True
