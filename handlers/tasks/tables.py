"""The table of tasks in an export."""

from collections.abc import Iterator

from handlers.kit.cells import Row
from handlers.kit.export_tables import ExportReader
from storage import exports

TASK_HEAD = (
    *(
        "Number",
        "Title",
        "State",
        "Owner",
        "Agency",
        "Offered to",
        "Due",
        "Hours",
        "Made by",
        "Made (ZONE)",
        "Settled (ZONE)",
    ),
    *("From", "Link"),
)


def tasks(reader: ExportReader) -> Iterator[Row]:
    """Yield all tasks, open and settled, newest first."""
    for page in exports.task_pages(reader.session, reader.consortium.id):
        for task in page:
            yield (
                *(task.number, task.title, task.state),
                *(reader.person(task.owner_id), reader.agency_of(task.owner_id), reader.person(task.offered_to)),
                *(task.due_on, task.hours, reader.person(task.created_by), task.created_at, task.settled_at),
                *(task.source, task.source_link),
            )
