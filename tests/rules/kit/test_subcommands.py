"""Suggesting the nearest known word for an unknown subcommand."""

from types import SimpleNamespace

import pytest

from handlers.kit import command_text
from handlers.kit.subcommands import nearest_command

KNOWN = ("add", "close", "show", "withdraw")


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        pytest.param("clsoe", " Did you mean `/vote close`?", id="two letters swapped"),
        pytest.param("shw 14", " Did you mean `/vote show 14`?", id="a letter missing, with the rest repeated"),
        pytest.param("shw &lt;!here&gt; `x`", " Did you mean `/vote show &lt;!here&gt; x`?", id="hostile text"),
        pytest.param("xyzzy 14", "", id="no word is near"),
        pytest.param("", "", id="no word at all"),
    ],
)
def test_the_nearest_word_is_offered_and_its_button_says_the_same(typed, question):
    request = SimpleNamespace(command="/vote", text=typed)
    said, readings = nearest_command(request, command_text.parse(typed, (), ()), KNOWN)
    assert said == question
    offered = said.removeprefix(" Did you mean `").removesuffix("`?").replace("&lt;", "<").replace("&gt;", ">")
    assert [reading.label.replace("`", "") for reading in readings] == ([offered] if offered else [])
