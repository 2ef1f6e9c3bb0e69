"""What the bot tells people of meetings by itself, each with the button that makes it unnecessary."""

from collections.abc import Sequence
from typing import Any

from handlers.kit import block_kit
from handlers.kit.block_kit import Piece, section
from handlers.kit.text import bold, counted, escape, lines, moment, written
from handlers.meetings.snapshot import Picture
from handlers.meetings.views import add_button, change_text, name, plain_name
from storage.meetings import Change, Series


def chair_call(picture: Picture) -> Piece:
    """Ask the chair what to talk about."""
    count = counted(len(picture.lines), "item is", "items are") if picture.lines else "nothing is"
    text = f"{name(picture)}, which you chair: {count} on the agenda so far. The channel was asked what to talk about."
    return Piece(
        f"You chair {plain_name(picture)}.",
        [
            section(text),
            block_kit.row(add_button(picture), block_kit.button("Agenda", "meeting.agenda", str(picture.id))),
        ],
    )


def notes(picture: Picture) -> Piece:
    """Tell somebody that they take the minutes this time."""
    text = f"You take the minutes this time: {name(picture)}. The form will be filled with the agenda."
    return Piece(
        f"You take the minutes of {plain_name(picture)}.",
        [section(text), block_kit.row(block_kit.button("I can't", "meeting.cannot", str(picture.id)))],
    )


def notes_left(picture: Picture) -> Piece:
    """Tell a facilitator that a note-taker has left."""
    now = f"{escape(picture.notes)} takes them now." if picture.notes else "Nobody takes them so far."
    text = f"{name(picture)}: who was to take the minutes has left Slack. {now}"
    return Piece(f"The note-taker of {plain_name(picture)} has left.", [section(text)])


def notes_left_in_private() -> Piece:
    """Tell a facilitator that a note-taker has left, where the meeting is not theirs to know of."""
    text = (
        "Somebody who was to take the minutes of a meeting in a private channel has left Slack. Who is in that channel "
        "can see what is planned there: `/meeting`"
    )
    return Piece("A note-taker has left.", [section(text)])


def reminder(picture: Picture, tasks: Sequence[str], *, begun: bool) -> Piece:
    """Remind somebody that a meeting is about to begin, and of what they do there."""
    when = f"{bold(picture.title)} {'has begun' if begun else 'begins'}: {moment(picture.starts_at, picture.zone)}"
    text = lines([f"{when}, in <#{picture.channel}>.", *tasks])
    at = written(picture.starts_at, picture.zone)
    plain = f"{escape(picture.title)} {'has begun' if begun else 'begins'}: {at}"
    return Piece(plain, [section(text), block_kit.row(block_kit.button("Agenda", "meeting.agenda", str(picture.id)))])


def minutes_wanted(picture: Picture, asked: int) -> Piece:
    """Ask the note-taker for the minutes."""
    again = {
        0: "",
        1: "The minutes are still to come. ",
        2: "The minutes are still to come; tomorrow the chair is asked. ",
    }
    text = (
        f"{again.get(asked, '')}{bold(picture.title)} met {moment(picture.starts_at, picture.zone)}. You take the "
        "minutes this time. The agenda is filled in already."
    )
    return Piece(f"The minutes of {plain_name(picture)} are yours to write.", [section(text), _write_row(picture)])


def _write_row(picture: Picture) -> Any:
    number = str(picture.id)
    return block_kit.row(
        block_kit.button("Write the minutes", "minutes.write", number, style="primary"),
        block_kit.button("I wasn't there", "meeting.absent", number),
    )


def minutes_lacking(picture: Picture) -> Piece:
    """Tell the chair that there are no minutes yet."""
    asked = f"{escape(picture.notes)} was asked." if picture.notes else "Nobody was there to write them."
    text = f"There are no minutes yet of {name(picture)}. {asked} Perhaps you have notes, or know who has."
    button = block_kit.button("Write the minutes", "minutes.write", str(picture.id), style="primary")
    return Piece(f"There are no minutes yet of {plain_name(picture)}.", [section(text), block_kit.row(button)])


def changed(series: Series, change: Change, who: str) -> Piece:
    """Tell somebody concerned what was moved or cancelled."""
    text = change_text(series, change, who)
    return Piece(text, [section(text), block_kit.row(block_kit.button("Next meetings", "meeting.list"))])
