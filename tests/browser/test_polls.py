"""Polls of each kind, created in one window and answered in another."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.windows import chooses, field, form, message, presses, says


@dataclass(frozen=True)
class Kind:
    """How one kind of poll is created, answered and shown; `answers` fill in its form, by label."""

    name: str
    answers: dict[str, Any]
    shown: str
    choices: str = "Bus\nTrain"
    most: str = ""


KINDS = (
    Kind("One choice", {}, "1. Bus██████████ 1"),
    Kind("Several choices", {"Bus": True, "Train": True}, "2. Train██████████ 1", most="2"),
    Kind("Ranked choice", {"First choice": "Train", "Second choice": "Bus"}, "ahead of 1 other"),
    Kind("Points from 0 to 5", {"Bus": "4", "Train": "1"}, "1. Bus████████ 4 of 5"),
    Kind("Dots to spend", {"Train": "3"}, "2. Train██████████ 3 dots", most="3"),
    Kind("Time poll", {"Tue, Jan 12": "If need be"}, "0 yes, 1 if need be", "2027-01-12 14:00\n2027-01-13 9:00"),
)


def test_a_poll_of_each_kind_is_created_in_a_form_and_answered_on_the_page(town, windows, subtests):
    cleo, ben = windows.of(town, "cleo"), windows.of(town, "ben")
    for number, kind in enumerate(KINDS, 1):
        with subtests.test(kind.name):
            _ask(cleo, f"Which {number}?", kind)
            poll = message(ben, f"#{number} Which {number}?")
            expect(poll).to_contain_text("0 people have voted")
            if kind.answers:
                presses(poll, "Vote")
                _fill_in(form(ben), kind)
                presses(form(ben), "Vote")
                expect(form(ben)).to_have_count(0)
            else:
                presses(poll, "Bus")
            expect(poll).to_contain_text("1 person has voted")
            expect(message(cleo, f"#{number} Which {number}?")).to_contain_text(kind.shown)


def _ask(page, question: str, kind: Kind) -> None:
    says(page, f"/vote new {question}")
    asking = form(page)
    expect(field(asking, "Question")).to_have_value(question)
    field(asking, "Choices, one on each line").fill(kind.choices)
    chooses(asking, "Kind", kind.name)
    field(asking, "How many choices or dots").fill(kind.most)
    presses(asking, "Ask")
    expect(asking).to_have_count(0)


def _fill_in(ballot: Locator, kind: Kind) -> None:
    for label, answer in kind.answers.items():
        if kind.name == "Time poll":
            ballot.get_by_role("radiogroup", name=label).get_by_label(answer).check()
        elif kind.name == "Ranked choice":
            chooses(ballot, label, answer)
        elif answer is True:
            ballot.get_by_label(label).check()
        else:
            field(ballot, label).fill(answer)
