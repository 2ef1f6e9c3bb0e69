"""/workload: how the work is divided among agencies, and to whom what may be shown of people."""

from datetime import timedelta

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit import block_kit, command_text, lists
from handlers.kit.block_kit import divider
from handlers.kit.command_text import Typed
from handlers.kit.lists import page
from handlers.kit.slack_request import Ask
from handlers.load import snapshot
from handlers.load.snapshot import Picture
from handlers.warnings import detection, jobs, suggestions, views
from handlers.warnings.rules.suggestions import QUICK
from handlers.workload import menu, people_views, share_views
from handlers.workload.share_views import Shares
from storage import load, outbox, warnings
from storage.vocabulary import ConsortiumId

WEEKS = timedelta(weeks=11)


def show(ask: Ask) -> None:
    """Show the speaker's own load, and the agencies' shares; the charts come beside, since they may be lost."""
    with ask.look() as (session, caller):
        consortium_id, own = caller.consortium.id, caller.person.id
        seen = snapshot.take(session, consortium_id, ask.now)
        advice = suggestions.advise(session, consortium_id, seen, [own], together=False, steps=QUICK)[own]
        shares = _shares(session, consortium_id, seen)
    top: list[Block] = [*views.own(advice), divider()]
    blocks = lists.fitting(lambda width: [*top, *share_views.in_words(shares, width), *_below(shares)])
    ask.answer("Who carries what.", blocks)
    drawn = share_views.drawn(shares)
    if drawn and ask.response_url:
        body = block_kit.message("The agencies' shares as a chart.", drawn, response_type="ephemeral")
        ask.deps.whispers.send(ask.response_url, {**body, "replace_original": False})


def _below(shares: Shares) -> list[Block]:
    post_it = block_kit.button("Post it here", "load.post") if shares.groups else None
    return [block_kit.row(post_it, block_kit.button("Record a contribution", "give.form"), menu.more())]


def _shares(session: Session, consortium_id: ConsortiumId, seen: Picture) -> Shares:
    since = seen.today - timedelta(days=seen.today.weekday()) - WEEKS
    return share_views.shares_of(seen, load.weeks(session, consortium_id, since))


def post(ask: Ask) -> None:
    """Post the agencies' shares where it was asked for; no person is named in it."""
    with ask.begin() as (session, caller):
        seen = snapshot.take(session, caller.consortium.id, ask.now)
        shares = _shares(session, caller.consortium.id, seen)
        outbox.put(
            session,
            team_id=ask.workspace,
            channel=ask.channel,
            body=share_views.post(shares),
            fallback=share_views.post(shares, charts=False),
            about="how the work is divided",
            now=ask.now,
            consortium_id=caller.consortium.id,
            answers_to=caller.user_id,
        )
    ask.done("It is on its way to this channel. Nobody is named in it.")


def people(ask: Ask, typed: Typed) -> None:
    """Show facilitators who carries what."""
    with ask.look("facilitator"):
        pass
    command_text.check_options(typed, (), "`/workload people`")
    command_text.nothing_more(typed.words[1:], "`/workload people`")
    show_people(ask)


def press_people(ask: Ask) -> None:
    """Show who carries what from a button, or turn a page of it."""
    show_people(ask, lists.number(ask.value), replace=bool(ask.value))


def show_people(ask: Ask, number: int = 0, *, replace: bool = False) -> None:
    """Show one page of who carries what."""
    with ask.look("facilitator") as (session, caller):
        consortium_id = caller.consortium.id
        lasting = warnings.all_lasting(session, consortium_id)
        report = jobs.facts_for(session, consortium_id, *detection.look(session, consortium_id, ask.now), [])
        ordered = sorted(report.seen.people, key=lambda one: (-one.carried.load, one.name))
        blocks = people_views.people(report, page(ordered, number), lasting)
    ask.answer("Who carries what.", blocks, replace=replace)
