"""The demo's guided tour leads only to people and channels that exist, and each step says how to continue."""

import pytest

from bot.demo import cast, tour
from bot.sandbox import empty_workspace


@pytest.mark.parametrize(
    ("steps", "opens", "workspace"),
    [(tour.STORY, cast.OPENS, cast.WORKSPACE), (tour.FOUNDING, tour.EMPTY_OPENS, empty_workspace())],
)
def test_each_step_leads_to_people_and_channels_that_exist(steps, opens, workspace):
    people = {person.name for person in workspace.people}
    members = {channel.name: channel.members for channel in workspace.channels}
    for step in [*steps, opens]:
        assert step.get("as", "ana") in people
        assert step.get("as", "ana") in members[step.get("in", "council")]
    assert all(step["title"] and step["text"] for step in steps)
    assert all(step["done"] for step in steps[:-1])
