"""Read exports in this process, as the jail's child does; every reading is held to the promise that no byte is lost."""

import io
import json
import zipfile
from typing import Any

from evidence.jail.exports import task, wire
from evidence.jail.exports.options import understood
from evidence.jail.exports.records import Frame, Record
from evidence.jail.exports.sources import Source
from evidence.jail.exports.times import Clock


def act(data: bytes, kind: str, options: dict[str, Any], *, what: str = "read", after: int = 0) -> list[Any]:
    """What the child would say: objects, and records among them."""
    said = task.prepare(json.dumps({"act": what, "format": kind, "options": options, "after": after}))
    found: list[Any] = []
    for chunk in said(io.BytesIO(data)):
        for line in chunk.splitlines():
            answer = wire.read(line)
            found += answer if isinstance(answer, list) else [answer]
    return found


def records(data: bytes, kind: str = "whatsapp", **options: Any) -> list[Record]:
    """The records of an export that can be read. That they and the framing are all of it, the writer itself proves."""
    *found, whole = act(data, kind, options)
    assert "whole" in whole, whole
    assert whole["whole"]["records"] == len(found)
    return found


def refusal(data: bytes, kind: str = "whatsapp", **options: Any) -> dict[str, Any]:
    """The object by which a reading ended that gave no whole."""
    last: dict[str, Any] = act(data, kind, options)[-1]
    assert "whole" not in last
    return last


def look(data: bytes, kind: str = "", **options: Any) -> dict[str, Any]:
    told: dict[str, Any] = act(data, kind, options, what="look")[0]["told"]
    return told


def pieces(data: bytes, kind: str, **options: Any) -> list[Record | Frame]:
    """Records and framing as a reader gives them, before anything is sent; their ranges are checked here once more."""
    work = task.Work(Source(io.BytesIO(data)), kind, understood(options), Clock(None))
    found = list(work.steps(""))
    at = 0
    for piece in found:
        assert piece.start == at, piece
        at = piece.end
    assert at == len(data)
    return found


def zipped(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def workbook(rows: str, *, shared: str = "", sheet: str = "xl/worksheets/sheet1.xml",
             others: dict[str, str] | None = None) -> bytes:
    """The least that is a workbook. `rows` and `shared` are XML; `others` are more sheets, name → rows."""
    head, of = '<?xml version="1.0" encoding="UTF-8"?>', "http://schemas.openxmlformats.org"
    named = [("One", sheet, rows), *((name, f"xl/worksheets/sheet{at}.xml", more) for at, (name, more) in enumerate(
        (others or {}).items(), 2))]
    places = "".join(f'<sheet name="{name}" r:id="rId{at}"/>' for at, (name, _member, _rows) in enumerate(named, 1))
    relations = "".join(f'<Relationship Id="rId{at}" Target="{member[3:]}"/>'
                        for at, (_name, member, _rows) in enumerate(named, 1))
    return zipped({
        "xl/workbook.xml": f'{head}<workbook xmlns="{of}/spreadsheetml/2006/main" xmlns:r="{of}/officeDocument/2006/'
                           f'relationships"><sheets>{places}</sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f"{head}<Relationships>{relations}</Relationships>".encode(),
        "xl/sharedStrings.xml": f"{head}<sst>{shared}</sst>".encode(),
        **{member: f"{head}<worksheet><sheetData>{more}</sheetData></worksheet>".encode()
           for _name, member, more in named}})
