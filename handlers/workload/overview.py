"""The answers to `/workload`: the caller's own load with the agencies' shares, and everybody's for facilitators."""

from typing import Any

from slack_sdk.models.blocks import Block

from handlers.kit import block_kit, command_text, lists
from handlers.kit.block_kit import divider
from handlers.kit.slack_request import SlackRequest
from handlers.load import snapshot as load_snapshots
from handlers.warnings import detection, jobs, suggestions
from handlers.warnings import views as warning_views
from handlers.warnings.suggestions import HandoverPlan
from handlers.workload import snapshot, views
from handlers.workload.snapshot import SharesSnapshot
from storage import warnings


def show_shares(request: SlackRequest) -> None:
    """Answer with the caller's own load and the agencies' shares. Charts follow below: Slack may refuse them."""
    with request.read() as (session, caller):
        consortium_id, own = caller.consortium.id, caller.person.id
        seen = load_snapshots.load_snapshot(session, consortium_id, request.now)
        person = seen.by_id[own]
        plan = HandoverPlan(person)
        if person.load.is_over:
            plan = suggestions.plan_handovers(session, consortium_id, seen, own).of(person)
        shares = snapshot.shares_snapshot(session, consortium_id, seen)
        facilitates = caller.person.facilitator
    top: list[Block] = [*warning_views.own_load(plan), divider()]
    blocks = lists.fit_to_message(
        lambda width: [*top, *views.share_bars(shares, width, facilitates=facilitates), *_buttons(shares)]
    )
    charts, in_words = views.share_charts(shares), views.charts_in_words(shares)
    request.answer_with_chart(
        "Who carries what.",
        blocks,
        _private("The agencies' shares as a chart.", charts) if charts else None,
        _private("The agencies' shares, week by week.", in_words) if in_words else None,
    )


def _private(text: str, blocks: list[Block]) -> dict[str, Any]:
    return {**block_kit.message(text, blocks, response_type="ephemeral"), "replace_original": False}


def _buttons(shares: SharesSnapshot) -> list[Block]:
    post_here = block_kit.button("Post it here", "load.post") if shares.groups else None
    return [block_kit.actions(post_here, block_kit.button("Record a contribution", "give.form"), views.more_menu())]


def show_people(request: SlackRequest) -> None:
    """Show a facilitator everybody's load."""
    request.show_window("people")


def render_people(request: SlackRequest, value: str) -> dict[str, Any]:
    """Render one page of everybody's load, for facilitators."""
    number = command_text.parse_row_id(value)
    with request.read("facilitator") as (session, caller):
        consortium_id = caller.consortium.id
        active = warnings.list_active(session, consortium_id)
        seen, partnership = detection.load_snapshots(session, consortium_id, request.now)
        facts = jobs.load_warning_facts(session, consortium_id, seen, partnership, [])
        ordered = sorted(facts.load.people, key=lambda person: (-person.load.hours, person.name))
        blocks = views.people_page(facts, lists.paginate(ordered, number), active)
    return block_kit.info_form("Who carries what", blocks)
