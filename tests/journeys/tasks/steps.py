"""Steps that journeys of tasks share."""

from sqlalchemy import select

from storage.tasks import Task


def ephemeral(town, user, channel="council"):
    """Return the newest message that only this person sees in a channel."""
    town.settle()
    return [message for message in town.messages(user, channel) if message.get("ephemeral")][-1]


def newest_direct(town, user):
    """Return the newest direct message to a person; empty if there is none."""
    town.settle()
    messages = town.direct(user)
    return messages[-1] if messages else {}


def leaves_slack(town, user):
    assert town.call("people", user=user, deleted=True)["ok"]
    town.settle()
    town.settle()


def stored_tasks(town):
    with town.bot.db.read() as session:
        return list(session.scalars(select(Task).order_by(Task.number)))
