"""The form that takes a table."""

from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import FileInputElement

from handlers.imports.parsing import ENDINGS
from handlers.kit import block_kit
from handlers.kit.block_kit import section

INTRODUCTION = (
    "Add a table of *people* (`agency`, `name`, `email`, `role`), *tasks* (`title`, `owner`, `due`, `hours`), or "
    "*contributions* (`agency`, `kind`, `hours`, `amount`, `what`). The first line names the columns. You see a "
    "preview before anything changes. What is not in the table stays as it is."
)
EXAMPLE = "agency,name,email,role"


def table(metadata: dict[str, Any], *, files: bool = True) -> dict[str, Any]:
    """Build the form that takes a table. Without `files`, for an app that may not read files, only pasted text."""
    file: list[Block] = [
        block_kit.input_block(
            "file",
            "File",
            FileInputElement(
                action_id="value", filetypes=[ending.removeprefix(".") for ending in ENDINGS], max_files=1
            ),
            optional=True,
            hint="CSV, TSV, or Excel (.xlsx), up to 2 MB. You can also drop it into your direct messages with me.",
        )
    ]
    pasted = block_kit.input_block(
        "table",
        "Or paste a table" if files else "Paste a table",
        block_kit.text_input(most=3000, long=True, placeholder=EXAMPLE),
        optional=files,
        hint=None if files else "To choose files here, the app needs the permission to read files.",
    )
    return block_kit.form(
        "Import",
        "import.form",
        [section(INTRODUCTION), *(file if files else []), pasted],
        submit="Preview",
        metadata=metadata,
    )
