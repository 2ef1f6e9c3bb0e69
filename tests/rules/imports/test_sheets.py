"""Tables as people have them: any program, any encoding, any separator, with a title above and columns beside."""

# ruff: noqa: PT017 - a table may be read or refused

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.exports import rules as export_rules
from handlers.features import FEATURES
from handlers.imports.rules import sheets
from handlers.imports.rules.columns import NOT_COMPUTED, Column, clean
from handlers.kit.refusals import Refusal
from handlers.kit.registry import Registry
from storage.vocabulary import ImportKind
from tests.xlsx import STRICT, Raw, workbook

PLAIN = "agency,person,role\nElm,Ben Ortiz,representative"
ROW = {"agency": "Elm", "person": "Ben Ortiz", "seat": "representative"}
UMLAUTS = "Organization;Name\nBücher & Söhne;Zoë Núñez"


def rows(table):
    return [
        {column.value: table.cell(row, column) for column in table.header.fields if table.cell(row, column)}
        for row in table.rows
    ]


def refused(read, content):
    with pytest.raises(Refusal) as caught:
        read(content)
    assert caught.value.field == "table"
    assert "!" not in caught.value.sentence
    return caught.value.sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(PLAIN, [ROW], id="commas"),
        pytest.param(PLAIN.replace(",", ";"), [ROW], id="semicolons"),
        pytest.param(PLAIN.replace(",", "\t"), [ROW], id="tabs"),
        pytest.param(PLAIN.replace(",", "|"), [ROW], id="bars"),
        pytest.param("sep=;\n" + PLAIN.replace(",", ";"), [ROW], id="the separator that Excel names"),
        pytest.param("sep=,\r\n" + PLAIN, [ROW], id="the separator with a line end of Windows"),
        pytest.param("\ufeff" + PLAIN, [ROW], id="a byte order mark"),
        pytest.param(PLAIN.replace("\n", "\r\n") + "\r\n", [ROW], id="line ends of Windows"),
        pytest.param(PLAIN.replace("\n", "\r"), [ROW], id="line ends of old Macs"),
        pytest.param("agency,person,role,\nElm,Ben Ortiz,representative,", [ROW], id="a trailing comma in each line"),
        pytest.param("agency,person,role\nElm,Ben Ortiz,representative,,,", [ROW], id="more commas than columns"),
        pytest.param("Our members in 2026,,\n,,\n" + PLAIN, [ROW], id="a title row above"),
        pytest.param("Agency\n" + PLAIN, [ROW], id="a title that is also the name of a column"),
        pytest.param("\n\n" + PLAIN + "\n\n,,\n", [ROW], id="empty lines around"),
        pytest.param(
            'agency,person\n"Elm, North",Ben', [{"agency": "Elm, North", "person": "Ben"}], id="a comma inside"
        ),
        pytest.param('agency, person\nElm, "Ben O"', [{"agency": "Elm", "person": "Ben O"}], id="spaces after commas"),
        pytest.param(
            'agency,person\nElm,"Ben ""Benny"" O"', [{"agency": "Elm", "person": 'Ben "Benny" O'}], id="quotes inside"
        ),
        pytest.param(
            'agency,person\nElm,Ben "Benny" O',
            [{"agency": "Elm", "person": 'Ben "Benny" O'}],
            id="quotes in the middle",
        ),
        pytest.param(
            'agency;weight\n"Elm;Oak";"1,5"', [{"agency": "Elm;Oak", "weight": "1,5"}], id="commas as decimal marks"
        ),
        pytest.param('agency,notes\nElm,"two\nlines"', [{"agency": "Elm"}], id="a cell of two lines"),
        pytest.param(
            'agency,name,email,notes\nElm,Ben,b@elm.example,"Prefers tea, milk, sugar\nnot coffee, ever, at all, no"',
            [{"agency": "Elm", "person": "Ben", "email": "b@elm.example"}],
            id="a sentence of two lines with commas",
        ),
        pytest.param(
            'agency,name,email,notes\nElm,Ben,b@elm.example,"a,b,c\nd,e,f,g"',
            [{"agency": "Elm", "person": "Ben", "email": "b@elm.example"}],
            id="two lines that are not lines of the table",
        ),
        pytest.param(
            "agency,e\u2011mail\u200b\nElm,ben@elm.example",
            [{"agency": "Elm", "email": "ben@elm.example"}],
            id="headings with marks that look like others, or show nothing",
        ),
        pytest.param("agency\nElm\nOak", [{"agency": "Elm"}, {"agency": "Oak"}], id="one column"),
        pytest.param("agency\nElm\u2028Oak\x0bPark", [{"agency": "Elm\u2028OakPark"}], id="marks that end no line"),
    ],
)
def test_text_is_read_whatever_its_separator(text, expected):
    assert rows(sheets.read_text(text)) == expected


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        ("Organization,Name,E-mail,Role/Rep", "agency person email seat"),
        ("ORGANISATION , Full Name,E-Mail Address,Rep?", "agency person email seat"),
        ("District *,First Name,Last_Name,Email (work),Role:", "agency first name last name email seat"),
        ("School District,Contact,mail", "agency person email"),
        ("Agency,Weight,Email domain", "agency weight domain"),
        ("Name,Title,Organization,Email", "person agency email"),
        ("Name,Hours,Status,Agency", "person agency"),
    ],
)
def test_common_headings_of_people_are_recognized(headings, columns):
    table = sheets.read_text(f"{headings}\n{','.join('x' * len(headings.split(',')))}")
    assert table.header.kind is ImportKind.PEOPLE
    assert " ".join(table.header.fields) == columns


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        ("Task,Assigned to,Deadline,Effort", ImportKind.TASKS),
        ("task", ImportKind.TASKS),
        ("Title,Owner,Agency", ImportKind.TASKS),
        ("Organization,Type,Hours,Amount,Description,Date", ImportKind.CONTRIBUTIONS),
        ("Agency,Gain", ImportKind.GAINS),
    ],
)
def test_what_a_table_is_about_is_recognized_by_its_columns(headings, kind):
    assert sheets.read_text(f"{headings}\nx,x").header.kind is kind


def test_columns_that_are_not_read_are_named():
    assert sheets.read_text("agency,Phone,person,Notes\nElm,1,Ben,2").header.unread == ["Phone", "Notes"]


def test_each_table_of_an_export_is_recognized_or_refused():
    found = {}
    for table in Registry(FEATURES).tables:
        text = b"".join(export_rules.csv_lines(table.head, [["x"] * len(table.head)], "America/Denver")).decode()
        try:
            found[table.title] = sheets.read_text(text).header.kind.value
        except Refusal as refusal:
            assert "I do not import decisions" in refusal.sentence
    assert found == {
        "Tasks": "tasks",
        "People": "people",
        "Agencies": "people",
        "Contributions": "contributions",
        "Gains": "gains",
    }


@given(st.text(st.sampled_from("'=+-@ \t\n;\"aé\u200b＝"), max_size=12))
def test_the_apostrophes_of_an_export_are_taken_off_again(text):
    assert export_rules.unshield_formulas(export_rules.shield_formulas(text)) == text


def test_a_cell_is_cleaned():
    assert clean("'=1+1\u202e ") == "=1+1"
    assert clean("'Brien") == "'Brien"


# what cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "part"),
    [
        pytest.param("", "did not find the names of the columns", id="nothing"),
        pytest.param("Elm,Ben Ortiz\nBirch,Cleo", "did not find the names of the columns", id="no names of columns"),
        pytest.param("agency,person,role", "no line below", id="only names of columns"),
        pytest.param('agency,person\nElm,Ben\n"Oak,Cleo\nFir,Dov', "Line 3: a quote opens", id="an open quote"),
        pytest.param('agency,person\nElm,Ben\n"Oak" Valley,Cleo', "Line 3: a quote opens", id="text after a quote"),
        pytest.param(
            'agency,name,role\n"Elm,Ben,rep\nOak,Cleo,rep\nFir",Dov,rep',
            "Line 2: a quote opens",
            id="a quote over lines",
        ),
        pytest.param(
            'agency,name,role\nElm,Ben,"rep\nOak,Cleo,rep"', "Line 2: a quote opens", id="a quote over the line's end"
        ),
        pytest.param(
            'agency, name, role\n"Elm, Ben, rep\nOak, Cleo, rep\nFir", Dov, rep',
            "Line 2: a quote opens",
            id="a quote over lines with spaces after commas",
        ),
        pytest.param('sep=;\n\nagency;name\n\n"Elm;Ben', "Line 5: a quote opens", id="the line counts what is above"),
        pytest.param(f"agency\n{'E' * 200_000}", "Line 2 has a cell that is too long", id="an enormous cell"),
        pytest.param("agency\n" + "Elm\n" * 5_001, "more than 5,000 lines", id="too many lines"),
    ],
)
def test_text_that_cannot_be_read_is_refused_with_its_line(text, part):
    assert part in refused(sheets.read_text, text)


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(st.sampled_from('agency,;\t\n\r" Ben@|'), max_size=60).map("agency,name\n".__add__),
    )
)
def test_any_text_is_read_or_refused(text):
    try:
        table = sheets.read_text(text)
    except Refusal as refusal:
        assert refusal.field == "table"
    else:
        assert all(any(row.cells) for row in table.rows)


@given(st.one_of(st.binary(max_size=80), st.binary(max_size=200).map(b"PK\x03\x04".__add__)))
def test_any_file_is_read_or_refused(content):
    try:
        sheets.read_file(content)
    except Refusal as refusal:
        assert refusal.field == "table"


@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data):
    content = bytearray(WORKBOOK)
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[at] = data.draw(st.integers(0, 255))
    try:
        sheets.read_file(bytes(content))
    except Refusal as refusal:
        assert refusal.field == "table"


# encodings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_every_usual_encoding_is_read(encoding):
    assert rows(sheets.read_file(UMLAUTS.encode(encoding))) == [{"agency": "Bücher & Söhne", "person": "Zoë Núñez"}]


def test_text_that_is_nearly_utf8_is_refused_with_its_line():
    broken = "agency,name\nBücher,Zoë\nElm,Núñez".encode() + b"\xc3\nOak,Ben"
    assert "Line 3 has a character that I cannot read." in refused(sheets.read_file, broken)


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"%PDF-1.7\n\x00\x01", "not a table that I can read"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a table that I can read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "of the old kind (.xls)"),
        (b"PK\x03\x04 not a zip", "This Excel file is broken"),
    ],
)
def test_other_files_are_refused_with_what_to_do(content, part):
    assert part in refused(sheets.read_file, content)


# workbooks ---------------------------------------------------------------------------------------------

WORKBOOK = workbook([["Organization", "Name", "Role/Rep"], ["Elm", "Ben Ortiz", "Rep"]])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(WORKBOOK, [{"agency": "Elm", "person": "Ben Ortiz", "seat": "Rep"}], id="inline text"),
        pytest.param(
            workbook([["Agency", "Weight"], ["Elm", 2.5], ["Oak", 3.0]], namespace=STRICT),
            [{"agency": "Elm", "weight": "2.5"}, {"agency": "Oak", "weight": "3"}],
            id="numbers, and the strict edition",
        ),
        pytest.param(
            workbook(
                [[Raw('t="s"', "<v>0</v>")], [Raw('t="s"', "<v>1</v>")]],
                shared=[
                    "<t>agency</t>",
                    "<r><t>Elm </t></r><r><t>Park</t></r><rPh><t>spoken</t></rPh>",
                ],
            ),
            [{"agency": "Elm Park"}],
            id="shared and rich text",
        ),
        pytest.param(
            workbook([["Agency", "Name"], ["", ""], ["", "Ben"]]), [{"person": "Ben"}], id="empty cells and rows"
        ),
        pytest.param(
            workbook([["Readme"], ["text"]], [["Agency"], ["Elm"]]), [{"agency": "Elm"}], id="the second sheet"
        ),
        pytest.param(
            workbook([["Agency"], ["Old"]], [["Agency"], ["Elm"]], hidden=("Sheet1",)),
            [{"agency": "Elm"}],
            id="not the hidden sheet",
        ),
        pytest.param(
            workbook([["Agency"], [Raw('t="str"', "<f>A1</f><v>Elm</v>")], [Raw('t="e"', "<v>#REF!</v>")]]),
            [{"agency": "Elm"}],
            id="formulas by their value, without errors",
        ),
    ],
)
def test_a_workbook_is_read(content, expected):
    assert rows(sheets.read_file(content)) == expected


def test_the_line_of_a_workbook_is_its_row_and_other_sheets_are_named():
    table = sheets.read_file(workbook([["Members"], [], ["Agency"], [], ["Elm"]], [["Agency"], ["Oak"]]))
    assert (table.header.line, [row.line for row in table.rows]) == (3, [5])
    assert (table.sheet, table.unread_sheets) == ("Sheet1", ["Sheet2"])


@pytest.mark.parametrize(
    ("style", "value", "since_1904", "shown"),
    [
        ("yyyy-mm-dd", 46357, False, "2026-12-01"),
        ("m/d/yy h:mm", 46357.708333333336, False, "2026-12-01 17:00"),
        ("[$-409]d-mmm-yy;@", 46357, False, "2026-12-01"),
        ("yyyy-mm-dd", 44895, True, "2026-12-01"),
        ('0.0" days"', 2.5, False, "2.5"),
        ("#,##0.00\\ [$€-407]", 1200, False, "1200"),
        ("[Red]0", 7, False, "7"),
        ("h:mm", 0.0625, False, "1:30"),
        ("[h]:mm", 26 / 24, False, "26:00"),
        ("[h]:mm:ss", 26 / 24, True, "26:00"),
        ("h:mm AM/PM", 0.0625, False, "1:30"),
        ("h:mm", 46357.708333333336, False, "2026-12-01 17:00"),
        ("mmm", 46357, False, "2026-12-01"),
        ("General", 7, False, "7"),
    ],
)
def test_a_number_that_excel_shows_as_a_date_is_a_date(style, value, since_1904, shown):
    rows_ = [["Task", "Due", "Hours"], ["x", Raw('s="1"', f"<v>{value}</v>")]]
    table = sheets.read_file(workbook(rows_, formats=(style,), since_1904=since_1904))
    assert table.cell(table.rows[0], Column.DUE) == shown


def test_a_built_in_format_of_hours_is_read_as_hours():
    styles = '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="46"/><xf numFmtId="20"/></cellXfs></styleSheet>'
    rows_ = [["Task", "Hours", "Due"], ["x", Raw('s="1"', "<v>1.0625</v>"), Raw('s="2"', "<v>0.5</v>")]]
    table = sheets.read_file(workbook(rows_, parts={"xl/styles.xml": styles}))
    assert (table.cell(table.rows[0], Column.HOURS), table.cell(table.rows[0], Column.DUE)) == ("25:30", "12:00")


def test_the_agency_of_merged_cells_counts_for_their_lines():
    inside = (
        "<sheetData>{}</sheetData><mergeCells><mergeCell ref='A2:A4'/><mergeCell ref='C2:C3'/>"
        "<mergeCell ref='A5:B6'/></mergeCells>"
    )
    lines = ["Agency Name Role", "Elm Ben Rep", " Ana ", " Eva ", "Oak Finn ", " Gus "]
    xml = "".join(
        f"<row r='{n}'>"
        + "".join(f"<c r='{'ABC'[at]}{n}' t='str'><v>{text}</v></c>" for at, text in enumerate(line.split(" ")))
        + "</row>"
        for n, line in enumerate(lines, 1)
    )
    table = sheets.read_file(workbook(f"<worksheet>{inside.format(xml)}</worksheet>"))
    read = [(table.cell(row, Column.AGENCY), table.cell(row, Column.PERSON)) for row in table.rows]
    assert read == [("Elm", "Ben"), ("Elm", "Ana"), ("Elm", "Eva"), ("Oak", "Finn"), ("", "Gus")]
    assert [table.cell(row, Column.SEAT) for row in table.rows] == ["Rep", "", "", "", ""], "a role is one person's"
    assert table.merged
    assert not sheets.read_file(WORKBOOK).merged


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (Raw("", "<f>B2</f>"), NOT_COMPUTED),
        (Raw("", "<f>B2</f><v></v>"), NOT_COMPUTED),
        (Raw('t="str"', "<f>B2</f><v></v>"), ""),
        (Raw('t="e"', "<f>B2</f><v>#REF!</v>"), "#REF!"),
        (Raw('t="d"', "<v>2026-12-01T00:00:00</v>"), "2026-12-01"),
        (Raw('t="d"', "<v>1899-12-30T01:30:00</v>"), "1:30"),
        (Raw('t="d"', "<v>soon</v>"), "soon"),
    ],
)
def test_formulas_without_a_value_are_marked_and_days_may_be_written_as_text(cell, shown):
    table = sheets.read_file(workbook([["Agency", "Name"], ["Elm", cell]]))
    assert table.cell(table.rows[0], Column.PERSON) == shown


BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<worksheet><sheetData><row><c t='str'><v>&b;</v></c></row></sheetData></worksheet>"
)
OUTSIDE = "<!DOCTYPE x SYSTEM 'file:///etc/passwd'><worksheet/>"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        pytest.param(workbook(BILLION_LAUGHS), "broken", id="entities"),
        pytest.param(workbook(OUTSIDE), "broken", id="a document type"),
        pytest.param(workbook("<worksheet>" + " " * 40_000_000), "much larger inside", id="a zip bomb"),
        pytest.param(workbook([["agency"], *[["Elm"]] * 5_020]), "too many rows", id="too many rows"),
        pytest.param(workbook([["agency", Raw('r="ZZZ1"', "<v>1</v>")]]), "broken", id="an attribute twice"),
        pytest.param(workbook("<worksheet><row><c"), "broken", id="xml that ends early"),
        pytest.param(
            workbook("<worksheet><sheetData><row><c r='ZZZ1'><v>1</v></c></row></sheetData></worksheet>"),
            "too many rows or columns",
            id="a cell far to the right",
        ),
        pytest.param(workbook([["agency"], [Raw('t="s"', "<v>9</v>")]]), "broken", id="a shared text that is missing"),
    ],
)
def test_a_hostile_workbook_is_refused(content, part):
    assert part in refused(sheets.read_file, content)
