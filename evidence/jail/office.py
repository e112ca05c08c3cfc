"""What in an office file runs or fetches when it is opened. Standard library only; runs in the jail.

Looks for what the formats are known to be misused for; who hides it well is not found. Nothing is rendered and no XML
parsed: names of members, and what stands in their tags."""

import html
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

from evidence.jail import zips
from evidence.jail.zips import Broken, Member, TooMany

# What is found, under a code each: evidence.derivatives.findings has the whole vocabulary.
Found = dict[str, str]

MOST_MEMBERS, MOST_BYTES, CHUNK, OVERLAP = 10_000, 128 * 1024**2, 1024 * 1024, 64 * 1024
_NAMED = [
    ("macros", re.compile(r"(^|/)vbaproject\.bin$|^xl/macrosheets/|^(basic|scripts)/.*\.(xml|xlb|py|js|bsh)$")),
    ("object", re.compile(r"/embeddings/oleobject[^/]*\.bin$|/activex/")),
    ("remote", re.compile(r"^xl/connections\.xml$")),
]
_TYPES = "[content_types].xml"
_SHEET = re.compile(r"^xl/(worksheets/[^/]+|workbook|externallinks/[^/]+)\.xml$")
_TEXT = re.compile(r"^word/[^/]+\.xml$")
# Every sign takes what it can without trying again (++), so that no bytes cost more than their number.
_RELATION = re.compile(rb"<(?:\w++:)?Relationship\b[^<>]{0,4096}+>")
_ELSEWHERE = re.compile(r"targetmode\s*=\s*[\"']external")
_HYPERLINK = re.compile(r"type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_MACROS = re.compile(r"type\s*=\s*[\"'][^\"']*/(vbaproject|xl(intl)?macrosheet)[\"']")
_DECLARED = re.compile(rb"<(?:\w++:)?(?:Override|Default)\b[^<>]{0,4096}+>")
_MACRO_TYPE = re.compile(r"contenttype\s*=\s*[\"']\s*application/vnd\.ms-(office\.vbaproject|excel\.(intl)?macrosheet)")
_FIELD = re.compile(rb"<w:instrText[^<>]{0,200}+>([^<]*+)<|w:instr=[\"']([^\"'<]*+)[\"']")
_DDE = re.compile(rb"\bDDE(AUTO)?\b")
_FORMULA = re.compile(rb"<(?:\w++:)?(?:f|definedName)(?=[\s>])[^<>]{0,1024}+>([^<]*+)")
_FETCHES = re.compile(rb"\b(WEBSERVICE|RTD|CALL|EXEC|REGISTER|REGISTER\.ID|IMAGE)\(")
_RTF = [
    ("object", re.compile(rb"\\(objdata|objocx|objautlink|objlink|objupdate)\b")),
    ("template", re.compile(rb"\\\*\\template\s++[^}]{0,20}?(https?:|\\\\\\\\)")),
    ("dde", re.compile(rb"\bddeauto\b")),
    ("remote", re.compile(rb"\bincludepicture\s++[^}]{0,20}?(https?:|\\\\\\\\)")),
]
_ENTRIES = [("macros", "_VBA_PROJECT"), ("macros", "_VBA_PROJECT_CUR"), ("object", "\x01Ole10Native")]


def package(file: BinaryIO) -> Found:
    """Of a Zip file, if it is a document of Microsoft's or OpenDocument's formats; what is none has nothing."""
    try:
        members = zips.members(file, MOST_MEMBERS)
    except Broken:
        return _broken(file)
    except TooMany:
        return _broken(file) | {"unexamined": f"more than {MOST_MEMBERS} members"}
    names = {member.name for member in members}
    found: Found = {}
    if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
        left = MOST_BYTES
        # Links and types first: what is large may use up all that is read.
        for member in sorted(members, key=lambda member: not member.name.lower().endswith((".rels", _TYPES))):
            _by_name(member.name, found)
            left -= _by_content(file, member, left, found)
    return found


def compound(pieces: Iterator[bytes]) -> Found:
    """Of an old binary document, given in pieces that overlap by 128 bytes and begin at multiples of 128: by the names
    in its directory, whose entries of 128 bytes are a name in 64, its length, and the rest."""
    wanted = [(code, name, (name + "\0").encode("utf-16-le")) for code, name in _ENTRIES]
    found: Found = {}
    for piece in pieces:
        for code, name, raw in wanted:
            at = piece.find(raw)
            while at >= 0:
                if at % 128 == 0 and piece[at + 64:at + 66] == len(raw).to_bytes(2, "little"):
                    found[code] = name.lstrip("\x01")
                at = piece.find(raw, at + 1)
        if b"DDEAUTO" in piece or "DDEAUTO".encode("utf-16-le") in piece:
            found["dde"] = "DDEAUTO"
    return found


def rich_text(pieces: Iterator[bytes]) -> Found:
    """Of an RTF document, given in pieces that overlap."""
    found: Found = {}
    for piece in pieces:
        small = piece.lower()
        found |= {code: match[0].decode("latin-1")[:60] for code, sign in _RTF
                  if code not in found and (match := sign.search(small))}
    return found


def _broken(file: BinaryIO) -> Found:
    """Office programs open and mend what has no one reading; the names of members stand in it as they are."""
    file.seek(0)
    is_document, name, held = False, b"vbaproject.bin", b""
    found: Found = {}
    while chunk := file.read(CHUNK):
        held = (held + chunk).lower()
        is_document = is_document or b"[content_types].xml" in held
        if name in held:
            found["macros"] = name.decode()
        held = held[-len(name) * 2:]
    return found if is_document else {}


def _by_name(name: str, found: Found) -> None:
    for code, sign in _NAMED:
        if sign.search(name.lower()):
            found.setdefault(code, name)


def _by_content(file: BinaryIO, member: Member, left: int, found: Found) -> int:
    """How many bytes of it were read: none once `left` is used up; one that is broken is read as far as it goes."""
    name = member.name.lower()
    look = (_relations if name.endswith(".rels") else _declared if name == _TYPES else _formulas if _SHEET.search(name)
            else _fields if _TEXT.search(name) else None)
    if look is None:
        return 0
    if left <= 0 or member.is_encrypted or member.method not in (zips.STORED, zips.DEFLATED):
        found.setdefault("unexamined", member.name)
        return 0
    size, held = 0, b""
    with suppress(Broken):
        for chunk in zips.chunks(file, member):
            size, held = size + len(chunk), held + chunk
            if size > left:
                found.setdefault("unexamined", member.name)
                break
            # Whole where it is small, because a field may be cut into many runs; what is large in overlapping pieces.
            if len(held) > 4 * CHUNK:
                look(_plain(held), member.name, found)
                held = held[-OVERLAP:]
    look(_plain(held), member.name, found)
    return size


def _plain(data: bytes) -> bytes:
    """XML may be written in UTF-16 too."""
    return data.decode("utf-16", "replace").encode() if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data


def _relations(data: bytes, where: str, found: Found) -> None:
    """Links to elsewhere that are followed without being asked, where a hyperlink waits for a click; and those to
    macros, whose file may have any name."""
    for tag in _RELATION.findall(data):
        said = html.unescape(tag.decode("utf-8", "replace")).lower()
        if _MACROS.search(said):
            found.setdefault("macros", where)
        if _ELSEWHERE.search(said) and not _HYPERLINK.search(said):
            found.setdefault("template" if "/attachedtemplate" in said else "remote", where)


def _declared(data: bytes, where: str, found: Found) -> None:
    """Parts that are macros by the type that the package gives them."""
    for tag in _DECLARED.findall(data):
        if _MACRO_TYPE.search(html.unescape(tag.decode("utf-8", "replace")).lower()):
            found.setdefault("macros", where)


def _fields(data: bytes, where: str, found: Found) -> None:
    said = b"".join(run or simple for run, simple in _FIELD.findall(data))
    if _DDE.search(said.upper()):
        found.setdefault("dde", where)


def _formulas(data: bytes, where: str, found: Found) -> None:
    if b"<ddeLink" in data:
        found.setdefault("dde", where)
    if "formula" not in found and any(_FETCHES.search(formula) for formula in _FORMULA.findall(data)):
        found["formula"] = where
