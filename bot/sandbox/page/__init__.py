"""The sandbox's web page: what people see of the Slack on their own machine, and do to it."""

from bot.sandbox.page.web import routes

__all__ = ["routes"]
