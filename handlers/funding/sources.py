"""Sources of funding, with what each gives a year."""

from typing import Any

from slack_sdk.models.blocks import Block
from sqlalchemy.orm import Session

from handlers.funding import rules, views
from handlers.kit import block_kit, command_text, lists
from handlers.kit.block_kit import section
from handlers.kit.callers import Caller
from handlers.kit.command_text import Typed
from handlers.kit.lists import page
from handlers.kit.refusals import Refusal
from handlers.kit.slack_request import Ask
from handlers.kit.text import bold, escape, quote
from storage import audit, consortia, contributions, load
from storage.agencies import fold
from storage.contributions import Source
from storage.vocabulary import SourceId

EXAMPLE = '`/workload funding "State grant" 12000`'
END = '`/workload funding end "State grant"`'
WHAT = "what the source is called"


# typing ------------------------------------------------------------------------------------------------


def funding(ask: Ask, typed: Typed) -> None:
    """List the sources of funding, note one, or end one."""
    if len(typed.words) == 1 and not typed.options:
        show(ask)
        return
    with ask.look("facilitator"):
        pass
    command_text.check_options(typed, (), EXAMPLE)
    rest = typed.words[1:]
    if not rest[0].quoted and rest[0].folded == "end":
        name = command_text.short_text(command_text.quoted_text(rest[1:], END), WHAT, END, rules.NAME)
        with ask.begin("facilitator") as (session, caller):
            said = _end(session, caller, _called(session, caller, name), ask)
        ask.done(said)
        return
    names, amount = (rest[:1], rest[1:]) if rest[0].quoted else (rest[:-1], rest[-1:])
    name = command_text.short_text(" ".join(word.text for word in names), WHAT, EXAMPLE, rules.NAME)
    with ask.begin("facilitator") as (session, caller):
        if not amount:
            raise Refusal(f"Say what {quote(name, 60)} gives a year. For example: {EXAMPLE}")
        cents = rules.read(" ".join(word.text for word in amount), caller.consortium.currency, EXAMPLE)
        consortia.lock(session, caller.consortium.id)
        found = _find(session, caller, name)
        said = _keep(session, caller, found, found.name if found is not None else name, cents, ask)
    ask.done(said, block_kit.button("Sources of funding", "fund.list"))


def _find(session: Session, caller: Caller, name: str) -> Source | None:
    return next(
        (one for one in contributions.sources(session, caller.consortium.id) if fold(one.name) == fold(name)), None
    )


def _called(session: Session, caller: Caller, name: str) -> Source:
    found = _find(session, caller, name)
    if found is None:
        names = [f"“{escape(one.name)}”" for one in contributions.sources(session, caller.consortium.id)[:10]]
        there = f"There are {', '.join(names)}." if names else "There is none yet."
        raise Refusal(f"There is no source {quote(name, 60)}. {there} `/workload funding` lists them.")
    return found


# deeds -------------------------------------------------------------------------------------------------


def _keep(session: Session, caller: Caller, found: Source | None, name: str, cents: int, ask: Ask) -> str:
    """Note a source, or change the one that is there; say it."""
    currency = caller.consortium.currency
    before = f" instead of {rules.written(found.cents, currency)}" if found and found.cents != cents else ""
    if found is None:
        found = Source(
            consortium_id=caller.consortium.id, created_by=caller.person.id, created_at=ask.now, name=name, cents=cents
        )
        session.add(found)
    found.name, found.cents = name, cents
    session.flush()
    audit.note(session, caller.consortium.id, caller.person.id, "noted", f"source {name}", ask.now)
    load.touch(session, caller.consortium.id, ask.now)
    return f"Noted: {bold(name)} gives {rules.written(cents, currency)} a year{before}. {views.SEEN}"


def _end(session: Session, caller: Caller, found: Source, ask: Ask) -> str:
    found.ended_at = ask.now
    audit.note(session, caller.consortium.id, caller.person.id, "ended", f"source {found.name}", ask.now)
    load.touch(session, caller.consortium.id, ask.now)
    again = f'`/workload funding "{escape(found.name)}" {rules.plain(found.cents)}`'
    return f"{bold(found.name)} is ended and counts no more. {again} notes it again."


# lists, presses and forms ------------------------------------------------------------------------------


def show(ask: Ask, number: int = 0, *, replace: bool = False) -> None:
    """List the sources of funding, ten on a page."""
    with ask.look() as (session, caller):
        found = contributions.sources(session, caller.consortium.id)
        whole = sum(one.cents for one in found)
        shown = page(found, number)
        blocks = views.listed_sources(shown, whole, caller.consortium.currency, may=caller.facilitates)
    ask.answer("Sources of funding.", blocks, replace=replace)


def press_list(ask: Ask) -> None:
    """Show the list, or another page of it."""
    show(ask, lists.number(ask.value), replace=bool(ask.value))


def press_form(ask: Ask) -> None:
    """Open the form for a source."""
    with ask.look("facilitator") as (_, caller):
        view = _form(ask.origin, None, caller.consortium.currency)
    ask.open(view)


def press_more(ask: Ask) -> None:
    """Change or end a source, as chosen behind the three dots."""
    deed, _, number = ask.value.partition("|")
    if deed == "end":
        with ask.begin("facilitator") as (session, caller):
            said = _end(session, caller, _by_id(session, caller, number), ask)
        ask.done(said)
        return
    with ask.look("facilitator") as (session, caller):
        view = _form(ask.origin, _by_id(session, caller, number), caller.consortium.currency)
    ask.open(view)


def submit(ask: Ask) -> None:
    """Keep a source from the form."""
    name = command_text.short_text(ask.written("name"), WHAT, "State grant", rules.NAME, "name")
    with ask.begin("facilitator") as (session, caller):
        cents = rules.read(ask.written("amount"), caller.consortium.currency, "12000", "amount")
        consortia.lock(session, caller.consortium.id)
        same = _find(session, caller, name)
        found = _by_id(session, caller, str(ask.carry["source"])) if "source" in ask.carry else same
        if same is not None and same is not found:
            raise Refusal(f"There is a source {quote(name, 60)} already. Choose another name.", field="name")
        said = _keep(session, caller, found, name, cents, ask)
    ask.done(said, block_kit.button("Sources of funding", "fund.list"))


def _by_id(session: Session, caller: Caller, value: str) -> Source:
    number = SourceId(int(value)) if value.isdecimal() and len(value) < 10 else SourceId(0)
    for one in contributions.sources(session, caller.consortium.id):
        if one.id == number:
            return one
    raise Refusal("This source is not there any more. `/workload funding` lists those that are.")


def _form(carry: dict[str, Any], found: Source | None, currency: str) -> dict[str, Any]:
    amount = rules.plain(found.cents) if found is not None else ""
    fields: list[Block] = [
        section(views.SEEN),
        block_kit.field(
            "name",
            "What it is called",
            block_kit.words(initial=found.name if found else "", most=rules.NAME, placeholder="State grant"),
        ),
        block_kit.field(
            "amount",
            f"What it gives a year, in {currency}",
            block_kit.words(initial=amount, most=20, placeholder="12000"),
            hint="Such as 12000, 1,200 or 1200.50.",
        ),
    ]
    carry = {**carry, "source": found.id} if found is not None else carry
    return block_kit.form("A source of funding", "fund.new", fields, carry=carry)
