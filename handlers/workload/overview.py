"""/workload: how the work is divided among agencies, and to whom what may be shown of people."""

from datetime import timedelta

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.kit import block_kit, lists
from handlers.kit.block_kit import divider
from handlers.kit.lists import page
from handlers.kit.slack_request import SlackRequest
from handlers.load import snapshot
from handlers.load.snapshot import LoadSnapshot
from handlers.warnings import detection, jobs, suggestions, views
from handlers.warnings.rules.suggestions import MAX_STEPS_INTERACTIVE
from handlers.workload import menu, people_views, share_views
from handlers.workload.share_views import SharesSnapshot
from storage import load, warnings
from storage.vocabulary import ConsortiumId

WEEKS = timedelta(weeks=11)


def show_shares(request: SlackRequest) -> None:
    """Show the speaker's own load, and the agencies' shares; the charts come beside, since they may be lost."""
    with request.look() as (session, caller):
        consortium_id, own = caller.consortium.id, caller.person.id
        seen = snapshot.load_snapshot(session, consortium_id, request.now)
        advice = suggestions.plan_handovers(
            session, consortium_id, seen, [own], together=False, steps=MAX_STEPS_INTERACTIVE
        )[own]
        shares = _shares(session, consortium_id, seen)
    top: list[Block] = [*views.own_load(advice), divider()]
    blocks = lists.fitting(lambda width: [*top, *share_views.share_bars(shares, width), *_below(shares)])
    request.answer("Who carries what.", blocks)
    drawn = share_views.share_charts(shares)
    if drawn and request.response_url:
        body = block_kit.message("The agencies' shares as a chart.", drawn, response_type="ephemeral")
        request.deps.response_urls.send(request.response_url, {**body, "replace_original": False})


def _below(shares: SharesSnapshot) -> list[Block]:
    post_it = block_kit.button("Post it here", "load.post") if shares.groups else None
    return [block_kit.row(post_it, block_kit.button("Record a contribution", "give.form"), menu.more_menu())]


def _shares(session: Session, consortium_id: ConsortiumId, seen: LoadSnapshot) -> SharesSnapshot:
    since = seen.today - timedelta(days=seen.today.weekday()) - WEEKS
    return share_views.shares_of(seen, load.weeks(session, consortium_id, since))


def show_people(request: SlackRequest, number: int = 0, *, replace: bool = False) -> None:
    """Show one page of who carries what."""
    with request.look("facilitator") as (session, caller):
        consortium_id = caller.consortium.id
        lasting = warnings.all_lasting(session, consortium_id)
        report = jobs.load_warning_facts(
            session, consortium_id, *detection.load_snapshots(session, consortium_id, request.now), []
        )
        ordered = sorted(report.seen.people, key=lambda one: (-one.load.hours, one.name))
        blocks = people_views.people_page(report, page(ordered, number), lasting)
    request.answer("Who carries what.", blocks, replace=replace)
