"""Excel workbooks as Excel writes them, for tests."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def cell(at, value):
    """Write a cell: text as a shared-free inline string, a number, or what `raw` describes."""
    if isinstance(value, Raw):
        return f'<c r="{at}" {value.attributes}>{value.inside}</c>'
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""


class Raw:
    """A cell by its XML."""

    def __init__(self, attributes, inside):
        self.attributes, self.inside = attributes, inside


def sheet(rows, namespace=MAIN):
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row))
        lines.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{namespace}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def workbook(*sheets, namespace=MAIN, formats=(), shared=(), hidden=(), since_1904=False, parts=None):
    """Return the bytes of a workbook. `formats` are the number formats of the styles 1, 2 …"""
    names = [f"Sheet{number}" for number in range(1, len(sheets) + 1)]
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}" state="{"hidden" if name in hidden else "visible"}"/>'
        for n, name in enumerate(names, 1)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1)
    )
    styles = "".join(f'<numFmt numFmtId="{164 + n}" formatCode={quoteattr(f)}/>' for n, f in enumerate(formats))
    xfs = "".join(f'<xf numFmtId="{164 + n}"/>' for n in range(len(formats)))
    found = {
        "_rels/.rels": '<Relationships><Relationship Id="r" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{namespace}" xmlns:r="{RELATIONS}">'
        f'<workbookPr date1904="{int(since_1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{relations}</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{namespace}"><numFmts>{styles}</numFmts><cellStyleXfs><xf numFmtId="14"/>'
        f'</cellStyleXfs><cellXfs><xf numFmtId="0"/>{xfs}</cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{namespace}">{"".join(f"<si>{text}</si>" for text in shared)}</sst>',
        **{
            f"xl/worksheets/sheet{n}.xml": rows if isinstance(rows, str) else sheet(rows, namespace)
            for n, rows in enumerate(sheets, 1)
        },
        **(parts or {}),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in found.items():
            archive.writestr(name, text)
    return content.getvalue()
