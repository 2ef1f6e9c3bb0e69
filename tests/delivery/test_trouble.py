"""When Slack has trouble, the bot does not take that for an answer."""

import pytest


@pytest.mark.parametrize("fault", ["500", "429", "drop_reply"])
def test_the_first_request_after_a_start_is_handled_even_if_slack_answers_nothing_else(empty_town, fault):
    empty_town.call("faults", method="auth.test", fault=fault, times=100)
    answer = empty_town.types("ana", '/consortium setup "Northern Valleys"')
    assert "Northern Valleys" in answer
    assert "Northern Valleys" in empty_town.types("ana", "/consortium")
