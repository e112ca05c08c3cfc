"""What a file is by its first bytes, what one should know before opening it, and how its name is shown."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.intake import labels, names, sniff

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PNG_END = b"IEND\xaeB`\x82"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def zipped(name: str, text: str = "x") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(name, text)
    return data.getvalue()


@pytest.mark.parametrize(("head", "expected"), [
    (PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"GIF89a\x01\x00", "image/gif"),
    (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"), (b"II*\x00", "image/tiff"), (b"%PDF-1.7\n", "application/pdf"),
    (zipped("a.txt"), "application/zip"), (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
    (b"\x00\x00\x00\x18ftypqt  ", "video/quicktime"), (b"\x00\x00\x00\x18ftypheic", "image/heic"),
    (b"<!DOCTYPE html><p>", "text/html"), (b"\xef\xbb\xbf  <HTML>", "text/html"), (b"hello <script>x", "text/html"),
    ("<html><script>".encode("utf-16"), "text/html"), (SVG, "image/svg+xml"), (b"<!-- x --><svg >", "image/svg+xml"),
    (b"<?xml version='1.0'?><rss/>", "text/xml"), (b"hello", "text/plain"), ("سلام".encode(), "text/plain"),
    (b"BMW is a car", "text/plain"), (b"MZ is a name", "text/plain"), (b"GIF89a=alert(1)//", "text/plain"),
    (b"\x7fELF\x02", "application/x-elf"), (b"MZ\x90\x00", "application/vnd.microsoft.portable-executable"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"), (b"#!/bin/sh\n", "text/x-script"),
    (b"\xef\xbb\xbf#!/bin/sh\n", "text/x-script"), ("\ufeff#!/bin/sh\n".encode("utf-16-le"), "text/x-script"),
    ("\ufeff#!/bin/sh\n".encode("utf-16-be"), "text/x-script"), (b"\xef\xbb\xbf#!/bin/sh\n\0\1", "text/x-script"),
    (b"\xef\xbb\xbf #!/bin/sh\n", "text/plain"), (b"\xff\xfe#!", "text/plain"),
    (b"#!AMR\n", "audio/amr"), (b"\x00" * 257 + b"ustar\x00", "application/x-tar"),
    (b"MIME-Version: 1.0\nContent-Type: multipart/related;", "multipart/related"),
    (b"", sniff.UNKNOWN), (b"\x00", sniff.UNKNOWN), (b"\x01\x02\x03", sniff.UNKNOWN),
])
def test_first_bytes_tell_the_type(head: bytes, expected: str) -> None:
    assert sniff.media_type(head) == expected


@given(st.binary(max_size=400))
def test_no_bytes_make_the_sniffer_or_the_labels_fail(head: bytes) -> None:
    found = sniff.media_type(head)
    assert 0 < len(found) <= 100
    assert set(label(head, "x.png", "image/png")) <= {str(one) for one in labels.Label}


def label(data: bytes, name: str, claimed: str = "", *, declared: bool = True, reencoded: bool = False) -> list[str]:
    head, tail = data[:65536], data[-4096:]
    return labels.labels(size=len(data), head=head, tail=tail, media_type=sniff.media_type(head), claimed_type=claimed,
                         name=name, declared=declared, reencoded=reencoded)


@pytest.mark.parametrize(("data", "name", "claimed", "expected"), [
    (b"", "a.png", "image/png", ["empty"]),
    (b"x", "a.txt", "text/plain", []),
    (PNG + PNG_END, "a.png", "image/png", []),
    (PNG + PNG_END, "A.PNG", "application/octet-stream", []),
    (PNG, "a.png", "image/png", ["truncated"]),
    (PNG + PNG_END, "a.jpg", "image/jpeg", ["mismatch"]),
    (b"<html><script>", "a.png", "image/png", ["mismatch", "active"]),
    (PNG + b"<script>alert(1)</script>" + PNG_END, "a.png", "image/png", ["active", "polyglot"]),
    (PNG + bytes(60_000) + b"<html lang=en>" + bytes(90_000) + PNG_END, "a.png", "image/png", ["active", "polyglot"]),
    (PNG + bytes(90_000) + PNG_END + b"<html>", "a.png", "image/png", ["active", "polyglot"]),
    (PNG + bytes(90_000) + PNG_END + zipped("Main.class"), "a.png", "image/png", ["polyglot"]),
    (PNG + b"%PDF-1.7" + PNG_END, "a.png", "image/png", ["polyglot"]),
    (PNG + b"Rar!\x1a\x07\x00" + PNG_END, "a.png", "image/png", ["polyglot"]),
    (PNG + b"<x:xmpmeta><rdf:RDF>&lt;script&gt;" + PNG_END, "a.png", "image/png", []),
    (b"%PDF-1.7 %%EOF" + zipped("a.txt"), "a.pdf", "application/pdf", ["polyglot"]),
    (zipped("index.html", "<html><script>"), "a.zip", "application/zip", ["active", "archive"]),
    (b"<html><HTA:APPLICATION id=x><script>", "a.jpg", "image/jpeg", ["mismatch", "executable", "active"]),
    (b"{\\rt1", "a.rtf", "application/rtf", []),
    (SVG, "a.svg", "image/svg+xml", ["active"]),
    (b"MZ\x90\x00", "a.jpg", "image/jpeg", ["mismatch", "executable"]),
    (b"hello", "photo\u202egpj.exe", "", ["executable", "hidden_characters"]),
    (b"%PDF-1.7 /OpenAction /JavaScript %%EOF", "a.pdf", "application/pdf", ["active_pdf"]),
    (b"%PDF-1.7 /Encrypt 5 0 R %%EOF", "a.pdf", "", ["encrypted"]),
    (zipped("a.txt"), "a.zip", "application/x-zip-compressed", ["archive"]),
    (zipped("a.txt"), "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     ["archive"]),
    (b"a,b\n", "a.csv", "text/csv", []),
    (b"{}", "a.json", "application/json", []),
    (b"\x00\x00\x00\x18ftypqt  ", "a.mp4", "video/mp4", []),
])
def test_labels_say_what_one_should_know(data: bytes, name: str, claimed: str, expected: list[str]) -> None:
    assert label(data, name, claimed) == expected


def test_what_the_sender_did_not_declare_and_the_browser_changed_is_said() -> None:
    assert label(PNG + PNG_END, "a.png", declared=False, reencoded=True) == ["not_declared", "reencoded"]


@pytest.mark.parametrize(("sent", "shown"), [
    ("a.png", "a.png"), ("../../etc/cron.d/x", "x"), ("..\\..\\x", "x"), ("/abs", "abs"), ("C:\\x.png", "x.png"),
    ("\\\\srv\\share\\x", "x"), ("a\x00b.png", "a[NUL]b.png"), ("photo\u202egpj.exe", "photo[RLO]gpj.exe"),
    ("a\r\nSet-Cookie: x", "a[U+000D][U+000A]Set-Cookie: x"), ("", "unnamed"), ("..", "unnamed"), ("/", "unnamed"),
    ("   ", "unnamed"), ("\ud800.png", "\ufffd.png"), ("ثبوت\u200cها.png", "ثبوت\u200cها.png"),
    ("e\u0301.png", "é.png"), ("a\u200bb", "a[ZWSP]b"), ("<img src=x onerror=y>", "<img src=x onerror=y>"),
])
def test_names_are_shown_without_tricks(sent: str, shown: str) -> None:
    assert names.display_name(sent) == shown


def test_a_name_of_ten_thousand_characters_keeps_both_ends() -> None:
    shown = names.display_name("start" + "x" * 10_000 + "end.exe")
    assert len(shown) == 1000
    assert shown.startswith("start")
    assert shown.endswith("end.exe")


@given(st.text(st.characters(), max_size=1500))
def test_any_name_becomes_something_that_can_be_shown_and_stored(name: str) -> None:
    shown = names.display_name(name)
    assert 0 < len(shown) <= 1000
    assert not names.has_hidden(shown)
    assert "/" not in shown
    shown.encode()


@pytest.mark.parametrize("ending", ["", "-", ".", ")", "_", " ", "\u200b", "~", "\u3000", "='"])
@pytest.mark.parametrize("name", ["notes.bat", "NOTES.CMD", "notes.ps1", "a.b\u200bat", "photo.jpg.exe"])
def test_a_program_is_known_by_the_name_under_which_it_is_given_out(name: str, ending: str) -> None:
    assert "executable" in labels.labels(size=5, head=b"hello", tail=b"hello", media_type="text/plain", claimed_type="",
                                         name=name + ending, declared=True, reencoded=False)
