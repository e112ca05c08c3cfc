"""Files that somebody hostile would send: what it is, under its id of docs/security-tests.md → name, bytes, labels."""

import io
import tarfile
import zipfile
import zlib

from PIL import Image

from tests.evidence.test_jail import picture, png_header
from tests.evidence.test_jail_likeness import scene, with_preview
from tests.factories import png

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
SCRIPT = b"<html><script>alert(document.domain)</script></html>"
ENTITIES = (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">'
            b'<!ENTITY d SYSTEM "file:///etc/passwd"><!ENTITY % e SYSTEM "http://127.0.0.1:9/x.dtd">%e;]>')
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R "
PDF_END = b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def zipped(**members: bytes) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return data.getvalue()


def tarred_link() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return data.getvalue()


def described() -> bytes:
    """A JPEG whose EXIF has a place, an owner, markup, a NUL and a long comment."""
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>\x00" + "c" * 50_000
    exif[0x013B] = "A. Person"
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", size=(40, 20), exif=exif)


def frames(count: int) -> bytes:
    data = io.BytesIO()
    pictures = [Image.new("P", (4, 4), shade % 256) for shade in range(count)]
    pictures[0].save(data, "GIF", save_all=True, append_images=pictures[1:])
    return data.getvalue()


# What to lodge → its name, its bytes, and labels that it must get among others.
FILES: dict[str, tuple[str, bytes, set[str]]] = {
    "U01 nothing": ("empty.png", b"", {"empty"}),
    "U02 one byte": ("one.txt", b"x", set()),
    "C01 a picture that is a page": ("a.jpg", picture("JPEG", size=(9, 9)) + SCRIPT, {"active", "polyglot"}),
    "C01 a picture with a page in its midst": ("m.jpg", picture("JPEG", size=(9, 9)) + bytes(200_000) + SCRIPT
                                               + bytes(200_000), {"active", "polyglot"}),
    "C01 a page in a comment of a picture": ("b.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00" + SCRIPT,
                                             {"active", "polyglot"}),
    "C01 a picture with a program behind it": ("c.gif", frames(1) + zipped(Main=b"\xca\xfe\xba\xbe"), {"polyglot"}),
    "C01 a picture with a large program behind it": (
        "n.gif", frames(1) + zipped(**{f"Main{number}": b"x" for number in range(200)}), {"polyglot"}),
    "C01 a PDF with an archive behind it": ("d.pdf", PDF + PDF_END + zipped(a=b"x"), {"polyglot"}),
    "C01 a PDF that is a page": ("e.pdf", PDF + SCRIPT + PDF_END, {"active", "polyglot"}),
    "C02 a program for Windows": ("photo.jpg", b"MZ\x90\x00" + bytes(200), {"mismatch", "executable"}),
    "C02 a program for Linux": ("photo.jpg", b"\x7fELF\x02" + bytes(200), {"mismatch", "executable"}),
    "C02 an application of HTML": ("photo.hta", SCRIPT, {"executable", "active"}),
    "C02 the same under the name of a picture": ("photo.jpg", b"<html><hta:application>" + SCRIPT,
                                                 {"mismatch", "executable", "active"}),
    "C02 a shortcut": ("photo.jpg", b"L\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00F"
                       + bytes(60), {"mismatch", "executable"}),
    "C03 a drawing that runs and fetches": ("x.svg", ENTITIES + (
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><script>alert(1)</script>'
        b'<foreignObject><body onload="alert(2)"/></foreignObject><image xlink:href="http://127.0.0.1:9/p"/>&d;</svg>'),
        {"active"}),
    "C04 a page": ("x.html", b'<base href="//evil.example/"><meta http-equiv="refresh" content="0;url=//evil.example">'
                   b"<form action=/cases/new/><script>alert(1)</script>", {"active"}),
    "C04 a saved page": ("x.mhtml", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n\n"
                         + SCRIPT, {"active"}),
    "C04 a style sheet that runs": ("x.xsl", b'<?xml version="1.0"?><xsl:stylesheet/>', {"active"}),
    "C05 a web archive with wrong lengths": ("x.warc", b"WARC/1.1\r\nContent-Length: 99999999999999\r\n\r\nx", set()),
    "C05 a packed web archive": ("x.wacz", zipped(archive__data=b"WARC/1.1\r\n", pages=SCRIPT), {"archive"}),
    "C06 a PDF that acts": ("x.pdf", PDF + b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>/AA<</O<</S/Launch/F(cmd)>>>>"
                            + PDF_END, {"active_pdf"}),
    "C06 a PDF that carries a program": ("y.pdf", PDF + b"/Names<</EmbeddedFile 3 0 R>>/XFA 4 0 R" + PDF_END,
                                         {"active_pdf"}),
    "C07 a PDF whose pages go in a circle": ("z.pdf", PDF + b">>endobj 2 0 obj<</Kids[2 0 R]/Prev 0" + PDF_END,
                                             set()),
    "C08 an encrypted PDF": ("locked.pdf", PDF + b"/Encrypt 5 0 R" + PDF_END, {"encrypted"}),
    "C11 a huge picture": ("x.png", png_header(65_535, 65_535), set()),
    "C11 a picture of a thousand million columns": ("y.png", png_header(10**9, 1), set()),
    "C12 a picture of a thousand frames": ("x.gif", frames(1000), set()),
    "C12 a TIFF that names itself as its next page": ("x.tif", b"II*\x00\x08\0\0\0\0\0\x08\0\0\0", set()),
    "C13 half a picture": ("x.jpg", picture("JPEG", size=(300, 300))[:900], {"truncated"}),
    "C15 a picture whose preview is another": ("p.jpg", with_preview(scene(1), scene(11)), {"other_preview"}),
    "C14 C16 a picture with a place, an owner and markup": ("gps.jpg", described(), set()),
    "C17 XML with entities": ("x.xml", ENTITIES + b"<x>&c;&d;</x>", {"active"}),
    "C17 a document with entities": ("x.docx", zipped(word__document=ENTITIES + b"<x>&c;&d;</x>"), {"archive"}),
    "C18 a document that fetches its template": ("y.docx", zipped(**{
        "[Content_Types].xml": b"<Types/>", "word/_rels/settings.xml.rels":
        b'<Relationship Type="x/attachedTemplate" Target="http://127.0.0.1:9/x.dotm" TargetMode="External"/>'}),
        {"active_office"}),
    "C18 a document with macros": ("z.docm", zipped(**{
        "[Content_Types].xml": b"<Types/>", "word/vbaProject.bin": b"x"}), {"active_office"}),
    "C18 a sheet that fetches": ("z.xlsx", zipped(**{
        "[Content_Types].xml": b"<Types/>",
        "xl/worksheets/sheet1.xml": b'<c><f>_xlfn.WEBSERVICE("http://127.0.0.1:9/x")</f></c>'}), {"active_office"}),
    "C18 a sheet that runs": ("x.csv", b"=cmd|' /C calc'!A0\n+1\n@SUM(1)\n", set()),
    "C18 an old document": ("x.rtf", b"{\\rtf1{\\object\\objocx\\objupdate{\\*\\objdata 0105}}}", {"active_office"}),
    "C19 a list of films that names files": ("x.mp4", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\nconcat:/etc/passwd\n",
                                             {"mismatch"}),
    "C20 a film without an end": ("y.mp4", b"\x00\x00\x00\x18ftypmp42" + b"\xff" * 300, set()),
    "C21 a mail in a mail in a mail": ("x.eml", b"Content-Type: message/rfc822\n\n" * 200
                                       + b"From: court@example.org\n\n" + SCRIPT, set()),
    "C22 the test for virus scanners": ("eicar.com", EICAR, {"executable"}),
    "C22 the same in an archive": ("eicar.zip", zipped(eicar=EICAR), {"archive"}),
    "C23 a line without an end": ("x.txt", b"a" * 300_000 + b"!", set()),
    "C23 text of two encodings": ("y.txt", "سلام".encode("utf-16-le") + "café".encode("latin-1"), set()),
    "Z01 a thousand zeros in each byte": ("bomb.zip", zipped(zeros=bytes(5_000_000)), {"archive"}),
    "Z05 a way out of the folder": ("slip.zip", zipped(**{"..__..__etc__cron": b"x", "C:\\x": b"y"}), {"archive"}),
    "Z06 a link in an archive": ("x.tar", tarred_link(), {"archive"}),
    "Z08 an archive in an archive in an archive": ("nest.zip", zipped(a=zipped(a=zipped(a=b"x"))), {"archive"}),
    "Z10 what swells as a gzip": ("x.gz", zlib.compress(bytes(3_000_000), wbits=31), {"archive"}),
    "a picture": ("good.png", png(7), set()),
}
