"""The consortium at a glance."""

from handlers.kit.command_text import Typed
from handlers.kit.slack_request import Ask
from handlers.kit.text import bold, escape, moment
from handlers.members import views
from storage import agencies, members, outbox, polls, proposals


def show(ask: Ask) -> None:
    """Show agencies, who speaks for whom, facilitators and what is open."""
    with ask.look("consortium") as (session, caller):
        consortium = caller.consortium
        opened = [(p.closes_at, p.number, p.title) for p in proposals.running(session, consortium.id)]
        opened += [(p.closes_at, p.number, p.question) for p in polls.running(session, consortium.id) if not p.private]
        running = [
            f"{bold(f'#{number} {title}', 80)} · closes {moment(closes_at, consortium.zone)}"
            for closes_at, number, title in sorted(opened)
        ]
        blocks = views.overview(
            consortium,
            agencies.living(session, consortium.id),
            members.living(session, consortium.id),
            [*running[:10], *([f"{len(running) - 10} more"] if len(running) > 10 else [])],
            member=caller.member is not None,
            facilitator=caller.facilitates,
            stuck=len(outbox.stuck(session, consortium.id)) if caller.facilitates else 0,
        )
        name = escape(consortium.name)
    ask.answer(f"{name} at a glance.", blocks)


def who(ask: Ask, typed: Typed) -> None:
    """Show people by agency, or those of the agencies whose names begin as was typed."""
    with ask.look("consortium") as (session, caller):
        found = agencies.living(session, caller.consortium.id)
        blocks = views.who(found, members.living(session, caller.consortium.id), typed.after(1))
    ask.answer("Who belongs to which agency.", blocks)
