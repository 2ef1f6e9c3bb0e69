"""Steps that journeys of tasks share."""

from sqlalchemy import select

from storage.tasks import Task


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
