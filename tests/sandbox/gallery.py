"""One message, one modal and one home tab with every block and element."""

from tests.sandbox.block_builders import plain

MOMENT = 1796169600


def mark(words):
    return {"type": "mrkdwn", "text": words}


def option(words, **more):
    return {"text": plain(words), "value": words.lower(), **more}


def words(text, **style):
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def section(*elements):
    return {"type": "rich_text_section", "elements": list(elements)}


def items(style, *entries, **more):
    return {"type": "rich_text_list", "style": style, "elements": [section(words(entry)) for entry in entries], **more}


ONE_TWO = [option("One"), option("Two", description=plain("The second"))]
SCHOOLS = [
    {"label": plain("North"), "options": [option("Elm"), option("Birch")]},
    {
        "label": plain("South"),
        "options": [option("Oak"), option("Édouard", description=plain("A school by the river"))],
    },
]
CONFIRM = {
    "title": plain("Block this?"),
    "text": mark("It *stops* the proposal."),
    "confirm": plain("Block it"),
    "deny": plain("Back"),
    "style": "danger",
}
PICTURE = {"type": "image", "image_url": "https://schools.example/none.png", "alt_text": "Logo"}
RICH = {
    "type": "rich_text",
    "elements": [
        section(
            words("Bold", bold=True),
            words(", "),
            words("italic", italic=True),
            words(", "),
            words("struck", strike=True),
            words(" and "),
            words("code", code=True),
            words(". "),
            {"type": "link", "url": "https://schools.example", "text": "A link"},
            words(", "),
            {"type": "emoji", "name": "tada"},
            words(" "),
            {"type": "broadcast", "range": "here"},
            words(" "),
            {"type": "date", "timestamp": MOMENT, "format": "{date_long} at {time}", "fallback": "then"},
            words(" "),
            {"type": "color", "value": "#1f6f54"},
        ),
        items("bullet", "First", "Second", indent=0),
        items("bullet", "Deeper", indent=1),
        items("ordered", "Third", "Fourth", indent=0, offset=2),
        {"type": "rich_text_quote", "elements": [words("Said by somebody")]},
        {"type": "rich_text_preformatted", "elements": [words("a = 1\nb = 2")], "border": 1},
    ],
}
MARKDOWN = """# A heading
Some **bold**, *italic*, ~~struck~~ and `code`, [a link](https://schools.example).

- one
  - nested
- [x] done
1. first

> quoted

```
code
```
| Agency | Heard |
|---|---:|
| Elm | 4 |

---"""
MENUS = [
    {"type": "static_select", "placeholder": plain("Pick a school"), "option_groups": SCHOOLS},
    {"type": "external_select", "placeholder": plain("Find a book"), "min_query_length": 1},
    {"type": "users_select", "placeholder": plain("Pick a person")},
    {"type": "conversations_select", "placeholder": plain("Pick a conversation")},
    {"type": "channels_select", "placeholder": plain("Pick a channel")},
]
MANY = [
    {
        "type": "multi_static_select",
        "placeholder": plain("Pick schools"),
        "option_groups": SCHOOLS,
        "max_selected_items": 2,
    },
    {"type": "multi_external_select", "placeholder": plain("Find books"), "min_query_length": 1},
    {"type": "multi_users_select", "placeholder": plain("Pick people")},
    {"type": "multi_conversations_select", "placeholder": plain("Pick conversations")},
    {"type": "multi_channels_select", "placeholder": plain("Pick channels")},
]
FEW = [{"type": "checkboxes", "options": ONE_TWO}, {"type": "radio_buttons", "options": ONE_TWO}]
WHEN = [
    {"type": "datepicker", "initial_date": "2026-12-04"},
    {"type": "timepicker", "initial_time": "17:00"},
    {"type": "datetimepicker", "initial_date_time": MOMENT},
]
TYPED = [
    {"type": "plain_text_input", "placeholder": plain("A few words"), "min_length": 3, "max_length": 40},
    {"type": "plain_text_input", "multiline": True, "max_length": 200, "placeholder": plain("Many words")},
    {"type": "number_input", "is_decimal_allowed": False, "placeholder": plain("12")},
    {"type": "email_text_input", "placeholder": plain("you@schools.example")},
    {"type": "url_text_input"},
    {"type": "rich_text_input", "placeholder": plain("Words with styles")},
    {"type": "file_input"},
]


def named(elements, start):
    return [{**element, "action_id": f"{start}{number}"} for number, element in enumerate(elements)]


def asks(elements, start, **more):
    return [
        {
            "type": "input",
            "block_id": f"{start}{number}",
            "label": plain(element["type"].replace("_", " ").capitalize()),
            "element": element,
            "optional": True,
            **more,
        }
        for number, element in enumerate(named(elements, start))
    ]


def button(text, **more):
    return {"type": "button", "text": plain(text), "action_id": text.lower().replace(" ", "_"), **more}


BUTTONS = {
    "type": "actions",
    "block_id": "buttons",
    "elements": [
        button("Agree", style="primary", value="yes"),
        button("Abstain"),
        button("Block", style="danger", confirm=CONFIRM),
        button("Read it", url="https://schools.example"),
        {"type": "overflow", "action_id": "more", "options": ONE_TWO},
    ],
}
PLAIN_BLOCKS = [
    {"type": "header", "text": plain("Everything there is :tada:")},
    {
        "type": "section",
        "text": mark("*A section* with `code`, ~old~ _new_ and <https://schools.example|a link>.\n>A quote"),
    },
    {"type": "section", "fields": [mark(f"*Field {number}*\nIts words") for number in range(4)]},
    {"type": "section", "text": mark("With a picture beside it"), "accessory": PICTURE},
    {"type": "section", "text": mark("With a button beside it"), "accessory": button("Details")},
    {"type": "divider"},
    {"type": "context", "elements": [PICTURE, mark("Small words, *quietly*"), plain("and more")]},
    {"type": "image", "image_url": "https://schools.example/none.png", "alt_text": "A map", "title": plain("The map")},
    RICH,
    {
        "type": "video",
        "title": plain("How we decide"),
        "title_url": "https://schools.example/watch",
        "video_url": "https://schools.example/embed",
        "thumbnail_url": "https://schools.example/none.png",
        "alt_text": "Two people talk",
        "provider_name": "Schools",
        "author_name": "Elm County",
        "description": plain("Three minutes about consent"),
    },
    {**BUTTONS},
    {"type": "actions", "block_id": "menus", "elements": named(MENUS, "m")},
    {"type": "actions", "block_id": "many", "elements": named(MANY, "n")},
    {"type": "actions", "block_id": "few", "elements": named(FEW, "f")},
    {"type": "actions", "block_id": "when", "elements": named(WHEN[:2], "w")},
]
TABLE = {
    "type": "table",
    "column_settings": [{"is_wrapped": True}, {"align": "right"}],
    "rows": [
        [{"type": "raw_text", "text": "Agency"}, {"type": "raw_text", "text": "Heard"}],
        [{"type": "raw_text", "text": "Elm County Schools"}, {"type": "raw_number", "value": 4}],
        [{"type": "rich_text", "elements": [section(words("Birch", bold=True))]}, {"type": "raw_text", "text": "3"}],
    ],
}
CARD = {
    "type": "card",
    "icon": PICTURE,
    "hero_image": PICTURE,
    "title": mark("Shared reading assessment"),
    "subtitle": mark("Grades 3 to 7"),
    "body": mark("One assessment, each agency its own calendar."),
    "actions": [button("Open it")],
}
TASKS = [
    {"type": "task_card", "task_id": f"t{number}", "title": f"Step {number}", "status": status, **more}
    for number, (status, more) in enumerate(
        [
            ("complete", {"output": {"type": "rich_text", "elements": [section(words("Two sources found"))]}}),
            ("in_progress", {"sources": [{"type": "url", "url": "https://schools.example", "text": "Schools"}]}),
            ("pending", {}),
            ("error", {}),
        ]
    )
]
MESSAGE = [
    *PLAIN_BLOCKS,
    {"type": "actions", "block_id": "moment", "elements": named(WHEN[2:], "d")},
    TABLE,
    {"type": "markdown", "text": MARKDOWN},
    {"type": "file", "external_id": "Minutes of May", "source": "remote"},
    CARD,
    {"type": "carousel", "elements": [{**CARD, "hero_image": None}, CARD, CARD]},
    {
        "type": "container",
        "title": plain("A container"),
        "subtitle": mark("with *children*"),
        "is_collapsible": True,
        "child_blocks": [{"type": "section", "text": mark("Inside")}, {"type": "divider"}],
    },
    {"type": "plan", "title": "A plan", "tasks": TASKS},
    TASKS[0],
    {
        "type": "context_actions",
        "block_id": "feedback",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "helped",
                "positive_button": {"text": plain("This helped"), "value": "good"},
                "negative_button": {"text": plain("This did not help"), "value": "bad"},
            },
            {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Delete"), "value": "gone"},
        ],
    },
    {
        "type": "data_visualization",
        "title": "Hours a week",
        "chart": {"type": "pie", "segments": [{"label": "Elm", "value": 3}, {"label": "Oak", "value": 5}]},
    },
]
FORM = [
    *asks(TYPED, "t"),
    *asks(MENUS, "m", hint=plain("Type to find it")),
    *asks(MANY, "n"),
    *asks(FEW, "f"),
    *asks(WHEN, "w"),
]
LEVELS = ("default", "info", "warning", "error", "success")
MODAL = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Everything"),
    "submit": plain("Send"),
    "blocks": [
        *({"type": "alert", "text": mark(f"*{level}* it is"), "level": level} for level in LEVELS),
        CARD,
        *FORM,
    ],
}
NOT_AT_HOME = {"number_input", "email_text_input", "url_text_input", "file_input", "datetimepicker"}
AT_HOME = [block for block in FORM if block["element"]["type"] not in NOT_AT_HOME]
HOME = {"type": "home", "blocks": [*PLAIN_BLOCKS, TABLE, CARD, *AT_HOME]}
