"""What the first bytes say a file is. Pure; looks at the head alone and never parses."""

import re

UNKNOWN = "application/octet-stream"

_SIGNATURES: list[tuple[int, bytes, str]] = [
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (0, b"BM", "image/bmp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (257, b"ustar", "application/x-tar"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (0, b"{\\rt", "application/rtf"),
    (0, b"\x7fELF", "application/x-elf"),
    (0, b"MZ", "application/vnd.microsoft.portable-executable"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (0, b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (0, b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (0, b"\xca\xfe\xba\xbe", "application/java-vm"),
    (0, b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"#!", "text/x-script"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"OggS", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"WARC/1.", "application/warc"),
    (0, b"#EXTM3U", "application/vnd.apple.mpegurl"),
]

_BRANDS = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heif", b"avif": "image/avif",
           b"qt  ": "video/quicktime", b"M4A ": "audio/mp4"}
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}

# A browser would run any of these, wherever in the beginning they stand.
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|meta|form|base|link|img|style|title|a|div)[\s>/]")
_PAGE = re.compile(rb"<(!doctype\s+html|html)[\s>]")
# Behind a byte order mark, in UTF-8 and UTF-16.
_MARKED_SCRIPT = re.compile(rb"\xef\xbb\xbf#!|\xff\xfe#\0!\0|\xfe\xff\0#\0!")
_SVG = re.compile(rb"<svg[\s>]")


def media_type(head: bytes) -> str:
    """The media type of the content that begins with `head` (64 KiB are plenty)."""
    for at, signature, found in _SIGNATURES:
        # A text that happens to begin with the letters BM is no bitmap.
        if head.startswith(signature, at) and not (signature.isalnum() and _is_text(head)):
            return found
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(head)
    if _MARKED_SCRIPT.match(head):
        return "text/x-script"
    return _text(head) if head and _is_text(head) else UNKNOWN


def _zip(head: bytes) -> str:
    if b"[Content_Types].xml" in head:
        for part, kind in ((b"word/", "wordprocessingml.document"), (b"xl/", "spreadsheetml.sheet"),
                           (b"ppt/", "presentationml.presentation")):
            if part in head:
                return "application/vnd.openxmlformats-officedocument." + kind
    if head[30:38] == b"mimetype" and (declared := re.match(rb"application/[a-z0-9.+-]{1,80}", head[38:120])):
        return declared.group().decode().removesuffix("PK")
    return "application/zip"


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", head)


def _text(head: bytes) -> str:
    """Which kind of text. UTF-16 is read without its zeros, as a browser would."""
    plain = head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    beginning = plain[:1024].lower()
    if _PAGE.search(beginning):
        return "text/html"
    if beginning.startswith(b"<") and _SVG.search(beginning):
        return "image/svg+xml"
    if _HTML.search(beginning):
        return "text/html"
    if beginning.startswith(b"<?xml"):
        return "text/xml"
    if b"mime-version:" in beginning and b"multipart/related" in beginning:
        return "multipart/related"
    return "text/plain"
