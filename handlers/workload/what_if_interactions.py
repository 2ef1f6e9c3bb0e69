"""Asking what would be if an agency left, by typing and by pressing."""

from handlers.kit import command_text, lookup
from handlers.kit.command_text import Typed
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.workload import what_if, what_if_views
from storage import agencies

EXAMPLE = '`/workload what if "Elm Schools"`'


def typed(ask: Ask, said: Typed) -> None:
    """Say what would be if an agency left; without a name it asks which."""
    with ask.look("facilitator") as (session, caller):
        command_text.check_options(said, (), EXAMPLE)
        rest = [word for word in said.words[1:] if word.quoted or word.folded not in {"if", "leaves", "left"}]
        name = command_text.quoted_text(rest, EXAMPLE) if rest else ""
        if name:
            agency = lookup.agency(session, caller, name)
            found = what_if.look(session, caller.consortium.id, agency, ask.now)
    if name:
        ask.answer("What if an agency left.", what_if_views.told(found))
    else:
        press(ask)


def press(ask: Ask) -> None:
    """Ask which agency is meant."""
    with ask.look("facilitator") as (session, caller):
        living = agencies.living(session, caller.consortium.id)
        if not living:
            raise Refusal('There is no agency yet. For example: `/consortium agency add "Elm Schools"`')
        view = what_if_views.form(ask.origin, living)
    ask.open(view)


def submit(ask: Ask) -> None:
    """Say what would be if the chosen agency left."""
    with ask.look("facilitator") as (session, caller):
        agency = lookup.chosen_agency(session, caller, ask.chosen("agency"))
        found = what_if.look(session, caller.consortium.id, agency, ask.now)
    ask.done("What if an agency left.", instead=what_if_views.told(found))
