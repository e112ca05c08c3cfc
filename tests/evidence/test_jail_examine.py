"""What is found in a file after it came in: a second thing behind what it begins as, and what an office file does."""

import io
import os
import zipfile
from collections.abc import Mapping

import pytest

from evidence.derivatives.findings import Finding
from evidence.jail import office, programs
from evidence.jail import services as jail
from tests.evidence.test_jail import picture
from tests.evidence.test_jail_likeness import scene, with_preview

JPEG = picture("JPEG", size=(9, 9))
FILLER = b"\xff\xfe\x00\x01" * 500_000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
XMP = (b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>'
       b'<rdf:Description dc:title="A head for HTML"/><rdf:Alt><rdf:li xml:lang="x-default">&lt;html&gt; body</rdf:li>'
       b'</rdf:Alt>'
       b'</rdf:RDF></x:xmpmeta><?xpacket end="w"?>')
CONTENT = "[Content_Types].xml"
RELATION = ('<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/{}" Target="http://127.0.0.1:9/x" TargetMode="External"/></Relationships>')
INSIDE = ('<Relationships><Relationship Id="r1" Type="http://schemas.microsoft.com/office/2006/relationships/{}" '
          'Target="styles2.bin"/></Relationships>')
TYPE = '<Types><Override PartName="/word/styles2.bin" ContentType="application/{}"/></Types>'


def zipped(**members: bytes | str) -> bytes:
    return packed({name.replace("__", "/"): content for name, content in members.items()})


def packed(members: Mapping[str, bytes | str], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", kind) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def entry(name: str) -> bytes:
    raw = (name + "\0").encode("utf-16-le")
    return raw.ljust(64, b"\0") + len(raw).to_bytes(2, "little") + bytes(62)


def found(data: bytes) -> set[str]:
    result = jail.run("examine", data)
    assert result.ok, result.reason
    assert set(result.facts["found"]) <= set(Finding)
    return set(result.facts["found"])


@pytest.mark.parametrize(("data", "expected"), [
    (JPEG + FILLER + b"<ScRiPt>x" + FILLER, {"markup"}),
    (JPEG + b"<!DOCTYPE  html>" + FILLER, {"markup"}),
    (JPEG + FILLER + zipped(Main=b"\xca\xfe\xba\xbe"), {"archive"}),
    (JPEG + zipped(a=b"x") + b"\0" * 60_000, {"archive"}),
    (JPEG + FILLER + b"Rar!\x1a\x07\x01\x00" + FILLER, {"archive"}),
    (JPEG + FILLER + b"7z\xbc\xaf\x27\x1c\x00\x04" + FILLER, {"archive"}),
    (b"%PDF-1.7\n" + FILLER + b"<html lang=en>" + zipped(a=b"x"), {"markup", "archive"}),
])
def test_a_second_thing_is_found_wherever_it_stands(data: bytes, expected: set[str]) -> None:
    assert found(data) == expected


@pytest.mark.parametrize("at", [programs.CHUNK - 4, programs.CHUNK, 2 * programs.CHUNK - 3,
                                programs.CHUNK - programs.OVERLAP - 2])
def test_nothing_hides_where_two_pieces_meet(at: int) -> None:
    assert found(b"GIF89a" + bytes(at - 6) + b"<script>" + bytes(3 * programs.CHUNK - at)) == {"markup"}


@pytest.mark.parametrize("data", [
    JPEG, picture("PNG"), picture("GIF", "P"), picture("WEBP"), picture("TIFF"),
    with_preview(scene(1), scene(1).resize((160, 107))),
    JPEG[:2] + b"\xff\xe1" + (len(XMP) + 31).to_bytes(2, "big") + b"http://ns.adobe.com/xap/1.0/\0" + XMP + JPEG[2:],
    b"\x00\x00\x00\x18ftypmp42" + os.urandom(3_000_000), b"%PDF-1.7\n" + os.urandom(3_000_000) + b"%%EOF",
    b"%PDF-1.7\n<x:xmpmeta><rdf:RDF/></x:xmpmeta>/RC(<body xmlns=x>)%%EOF",
    b"\xff\xd8\xff" + b"PK\5\6" * 20_000, b"\xff\xd8\xff" + b"PK\1\2PK\3\4" * 1000 + b"PK\5\6" + bytes(18),
    b"\x89PNG\r\n\x1a\n" + b"<" * 1_000_000 + b"<htmlish <scripture <p>",
    zipped(archive__data=b"WARC/1.1\r\n", pages="<html><script>"), packed({"index.html": "<html>"}, zipfile.ZIP_STORED),
    OLE + os.urandom(100_000), b"", b"PK\3\4", b"PK\5\6" + bytes(18)])
def test_ordinary_files_have_no_second_thing(data: bytes) -> None:
    assert found(data) == set()


def test_many_random_bytes_are_no_second_thing() -> None:
    data = b"\xff\xd8\xff" + os.urandom(48 * 1024**2)
    assert found(data) == set()


@pytest.mark.parametrize(("data", "expected"), [
    (packed({CONTENT: "", "word/vbaProject.bin": b"x"}), {"macros"}),
    (packed({CONTENT: "", "xl/macrosheets/sheet1.xml": "<x/>"}), {"macros"}),
    (packed({CONTENT: "", "word/_rels/document.xml.rels": INSIDE.format("vbaProject"), "word/styles2.bin": b"x"}),
     {"macros"}),
    (packed({CONTENT: "", "word/_rels/document.xml.rels": INSIDE.format("vba&#80;roject").encode("utf-16")}),
     {"macros"}),
    (packed({CONTENT: "", "xl/_rels/workbook.xml.rels": INSIDE.format("xlMacrosheet")}), {"macros"}),
    (packed({CONTENT: TYPE.format("vnd.ms-office.vbaProject"), "word/styles2.bin": b"x"}), {"macros"}),
    (packed({CONTENT: '<t:Default Extension="bin" ContentType = "Application/vnd.ms-office.vba&#x50;roject"/>'}),
     {"macros"}),
    (packed({CONTENT: TYPE.format("vnd.ms-excel.macrosheet+xml")}), {"macros"}),
    (packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>",
             "Basic/Standard/Module1.xml": "Sub x"}), {"macros"}),
    (packed({CONTENT: "", "word/_rels/settings.xml.rels": RELATION.format("attachedTemplate")}), {"template"}),
    (packed({CONTENT: "", "word/_rels/settings.xml.rels": RELATION.format("attachedTemplate").replace(
        "External", "&#69;xternal").encode("utf-16")}), {"template"}),
    (packed({CONTENT: "", "word/_rels/document.xml.rels": RELATION.format("oleObject")}), {"remote"}),
    (packed({CONTENT: "", "xl/externalLinks/_rels/externalLink1.xml.rels": RELATION.format("externalLinkPath")}),
     {"remote"}),
    (packed({CONTENT: "", "word/document.xml": "<w:instrText> DDE</w:instrText><w:r/><w:instrText>AUTO c:\\x"
                                               "</w:instrText>"}), {"dde"}),
    (packed({CONTENT: "", "xl/externalLinks/externalLink1.xml": '<ddeLink ddeService="cmd"/>'}), {"dde"}),
    (packed({CONTENT: "", "word/embeddings/oleObject1.bin": b"x"}), {"object"}),
    (packed({CONTENT: "", "xl/worksheets/sheet1.xml": '<c><f>_xlfn.WEBSERVICE("http://127.0.0.1:9")</f></c>'}),
     {"formula"}),
    (packed({CONTENT: "", "xl/worksheets/sheet1.xml": "<c><f>SUM(A1)</f></c>" * 400_000 + "<f>RTD(1)</f>"}),
     {"formula"}),
    (packed({CONTENT: "", "word/vbaProject.bin": b"x"}) + b"something behind", {"macros"}),
    (OLE + bytes(504) + entry("Root Entry") + entry("_VBA_PROJECT"), {"macros"}),
    (OLE + bytes(programs.CHUNK + 504) + entry("_VBA_PROJECT_CUR") + bytes(programs.CHUNK), {"macros"}),
    (OLE + bytes(504) + entry("\x01Ole10Native"), {"object"}),
    (OLE + bytes(504) + "DDEAUTO c:\\x".encode("utf-16-le"), {"dde"}),
    (b"{\\rtf1{\\object\\objocx\\objupdate{\\*\\objdata 0105}}}", {"object"}),
    (b"{\\rt{\\*\\template http://127.0.0.1:9/x.dotm}}", {"template"}),
    (b"{\\rtf1{\\field{\\*\\fldinst DDEAUTO c:\\\\x}}}", {"dde"}),
])
def test_what_an_office_file_does_when_it_is_opened_is_found(data: bytes, expected: set[str]) -> None:
    assert found(data) == expected


@pytest.mark.parametrize("data", [
    packed({CONTENT: "", "word/document.xml": "<w:t>DDEAUTO and vbaProject.bin, WEBSERVICE(</w:t>",
            "word/_rels/document.xml.rels": RELATION.format("hyperlink"),
            "word/embeddings/Microsoft_Excel_Sheet1.xlsx": zipped(a=b"x")}),
    packed({CONTENT: "",
            "xl/worksheets/sheet1.xml": '<c t="inlineStr"><is><t>WEBSERVICE(x)</t></is></c><f>MYCALL(1)</f>',
            "xl/sharedStrings.xml": "<t>WEBSERVICE(</t>"}),
    packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>", "META-INF/manifest.xml": ""}),
    packed({"notes/vbaProject.bin": "x"}),
    packed({CONTENT: TYPE.format("vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
            "word/_rels/document.xml.rels": INSIDE.format("styles").replace("styles2.bin", "x/vbaProject")}),
    OLE + bytes(504) + entry("Root Entry") + entry("WordDocument") + "the word _VBA_PROJECT in it".encode("utf-16-le"),
    b"{\\rtf1{\\*\\template C:\\\\Users\\\\x\\\\Normal.dotm}\\pard An \\b objdata\\b0 in words.}"])
def test_ordinary_office_files_have_nothing(data: bytes) -> None:
    assert found(data) == set()


def test_a_document_that_swells_is_read_as_far_as_it_is_worth(monkeypatch: pytest.MonkeyPatch) -> None:
    swollen = packed({CONTENT: "", "word/vbaProject.bin": b"x", "xl/worksheets/sheet1.xml": bytes(2_000_000),
                      "xl/worksheets/sheet2.xml": "<f>RTD(1)</f>"})
    assert set(office.package(io.BytesIO(swollen))) == {"macros", "formula"}
    monkeypatch.setattr(office, "MOST_BYTES", 1_000_000)
    assert set(office.package(io.BytesIO(swollen))) == {"macros", "unexamined"}


def test_what_is_not_looked_at_is_not_called_clean() -> None:
    hidden = dict.fromkeys((f"x{number}" for number in range(office.MOST_MEMBERS)), "")
    assert set(found(packed({CONTENT: "", "word/vbaProject.bin": b"x", **hidden}))) == {"macros", "unexamined"}
    remote = '<Relationship Type="x/attachedTemplate" Target="http://a" TargetMode="External"/>'
    late = packed({CONTENT: "", "word/a.xml": bytes(office.MOST_BYTES + 1), "word/_rels/settings.xml.rels": remote})
    assert set(found(late)) == {"template", "unexamined"}


@pytest.mark.parametrize("data", [
    b"<Relationship " * 300_000, b"<w:instrText>" * 300_000, b"RTD(" * 900_000, b"<f" + b"a" * 3_000_000 + b"RTD(",
    b"<f>" * 900_000, b"<f>IMAGE(" * 300_000, b"<w:instrText " * 300_000, b"<Relationship type='" * 200_000])
def test_nothing_takes_long_to_look_through(data: bytes) -> None:
    names = ("word/_rels/a.xml.rels", "word/document.xml", "xl/worksheets/sheet1.xml")
    swollen = packed({CONTENT: ""} | dict.fromkeys(names, data))
    result = jail.run("examine", swollen, limits=jail.Limits(cpu=30, wall=600))
    assert result.ok, result.reason


@pytest.mark.parametrize("unit", [
    b"\\includepicture" + b" " * 5000, b"\\*\\template " + b" " * 60, b"\\includepicture ", b"\\*\\template\n"])
def test_no_text_takes_long_to_look_through(unit: bytes) -> None:
    data = b"{\\rtf" + unit * (20_000_000 // len(unit))
    result = jail.run("examine", data, limits=jail.Limits(cpu=10, wall=600))
    assert result.ok, result.reason
