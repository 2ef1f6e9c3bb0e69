"""The decision log."""

from sqlalchemy.orm import Session

from handlers.kit.asking import Ask
from handlers.kit.pages import page
from handlers.kit.text import escape, quote
from handlers.kit.words import Typed
from handlers.members import views
from handlers.proposals import picture as pictures
from handlers.proposals.words import LABELS
from storage import members, proposals

SIZE = 5


def show(ask: Ask, typed: Typed) -> None:
    """Show the decisions, newest first, or those with certain words."""
    _show(ask, typed.after(1), 0, replace=False)


def press(ask: Ask) -> None:
    """Turn a page."""
    number, _, words = ask.value.partition("|")
    _show(
        ask,
        words,
        int(number) if number.isdecimal() else 0,
        replace=bool(words or ask.action["action_id"] != "member.decisions"),
    )


def _show(ask: Ask, words: str, number: int, *, replace: bool) -> None:
    words = words[:100]
    with ask.look("member") as (session, caller):
        shown = page(proposals.decided(session, caller.consortium.id, words), number, SIZE)
        authors = members.named(session, {p.author_id for p in shown.items})
        said = {p.number: _reasons(session, p) for p in shown.items}
        blocks = views.decisions(shown, authors, said, words, caller.consortium.zone)
    ask.answer("The decision log.", blocks, replace=replace)


def _reasons(session: Session, proposal: proposals.Proposal) -> list[str]:
    """Quote the reasons that were given, with the agencies for which they were given."""
    picture = pictures.take(session, proposal)
    return [
        f"{LABELS[word.stance]}, {escape(picture.agencies[agency])}: {quote(word.reason, 120)}"
        for agency, stands in picture.standings.items()
        for word in stands.own
        if word.reason
    ]
