"""The closed vocabulary of what one should know about a file before opening it. Pure; computed once, at intake.

A label never refuses anything: it gates how the bytes are delivered, and tells people why. What only all of the bytes
tell, and what must be parsed, is found afterwards in the jail: evidence.derivatives.findings."""

import re
import unicodedata
from enum import StrEnum

from evidence.intake import names, sniff
from evidence.jail import doubles


class Label(StrEnum):
    EMPTY = "empty"
    MISMATCH = "mismatch"
    EXECUTABLE = "executable"
    ACTIVE = "active"
    ACTIVE_PDF = "active_pdf"
    ACTIVE_OFFICE = "active_office"
    POLYGLOT = "polyglot"
    OTHER_PREVIEW = "other_preview"
    UNEXAMINED = "unexamined"
    ARCHIVE = "archive"
    ENCRYPTED = "encrypted"
    TRUNCATED = "truncated"
    NOT_DECLARED = "not_declared"
    REENCODED = "reencoded"
    HIDDEN_CHARACTERS = "hidden_characters"


_EXECUTABLE = {"application/x-elf", "application/vnd.microsoft.portable-executable", "application/x-mach-binary",
               "application/java-vm", "application/x-ms-shortcut", "text/x-script"}
_EXECUTABLE_ENDINGS = (".exe", ".com", ".scr", ".bat", ".cmd", ".ps1", ".vbs", ".js", ".jse", ".hta", ".lnk", ".msi",
                       ".jar", ".apk", ".sh", ".dll", ".pif", ".wsf", ".desktop", ".appimage", ".vbe", ".wsh",
                       ".url", ".msc", ".reg", ".jnlp", ".cpl", ".xll", ".chm", ".command", ".settingcontent-ms", ".py")
_ACTIVE = {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "multipart/related"}
_ACTIVE_ENDINGS = (".html", ".htm", ".xhtml", ".svg", ".svgz", ".xml", ".xsl", ".mht", ".mhtml", ".shtml")
_ARCHIVES = {"application/zip", "application/gzip", "application/x-tar", "application/x-7z-compressed",
             "application/vnd.rar", "application/x-xz", "application/x-bzip2", "application/zstd",
             "application/warc"}
_PDF_ACTS = (b"/JavaScript", b"/JS", b"/Launch", b"/SubmitForm", b"/GoToR", b"/EmbeddedFile", b"/OpenAction", b"/XFA")

_BY_ENDING = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "tif": "image/tiff", "tiff": "image/tiff", "bmp": "image/bmp", "svg": "image/svg+xml", "pdf": "application/pdf",
    "zip": "application/zip", "gz": "application/gzip", "mp4": "video/mp4", "txt": "text/plain", "csv": "text/plain",
    "html": "text/html", "htm": "text/html", "heic": "image/heic",
}
# Names under which other systems know the same thing.
_SAME = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "application/x-zip-compressed": "application/zip",
         "text/csv": "text/plain", "application/xml": "text/xml", "application/x-gzip": "application/gzip",
         "application/xhtml+xml": "text/html", "video/quicktime": "video/mp4", "image/heif": "image/heic"}
# What a format must end with to be whole.
_ENDS = {"image/png": b"IEND", "image/jpeg": b"\xff\xd9", "image/gif": b"\x3b", "application/pdf": b"%%EOF"}


def labels(*, size: int, head: bytes, tail: bytes, media_type: str, claimed_type: str, name: str,
           declared: bool, reencoded: bool) -> list[str]:
    """The labels, in the order of the vocabulary. `head` and `tail` are the first 64 and the last 4 KiB."""
    ending = _given_out(name)
    one, text = is_one_thing(media_type), media_type.startswith("text/")
    page = not text and doubles.markup(head if one else head[:4096]) or one and doubles.markup(tail)
    found = {
        Label.EMPTY: size == 0,
        Label.MISMATCH: size > 0 and _mismatch(media_type, claimed_type, ending),
        Label.EXECUTABLE: media_type in _EXECUTABLE or ending.endswith(_EXECUTABLE_ENDINGS)
        or doubles.hta(head) or doubles.hta(tail),
        Label.ACTIVE: media_type in _ACTIVE or ending.endswith(_ACTIVE_ENDINGS) or page,
        Label.ACTIVE_PDF: media_type == "application/pdf" and any(act in head or act in tail for act in _PDF_ACTS),
        Label.POLYGLOT: one and (page or doubles.pdf(head) or doubles.archive(head) or doubles.archive(tail)
                                 or doubles.zipped(tail)),
        Label.ARCHIVE: media_type in _ARCHIVES,
        Label.ENCRYPTED: _encrypted(media_type, head, tail),
        Label.TRUNCATED: media_type in _ENDS and _ENDS[media_type] not in tail,
        Label.NOT_DECLARED: not declared,
        Label.REENCODED: reencoded,
        Label.HIDDEN_CHARACTERS: names.has_hidden(name),
    }
    return [str(label) for label, true in found.items() if true]


def _given_out(name: str) -> str:
    """The name in small letters, without what is left out of it where it is given out: signs that nobody sees, and
    what stands behind its last letter or digit."""
    seen = "".join(sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign)[0] not in "CZ")
    return re.sub(r"[\W_]+$", "", seen).lower()


def _mismatch(media_type: str, claimed: str, name: str) -> bool:
    """Whether the content is something else than the sender's type or the ending of the name says."""
    promised = {claimed.split(";")[0].strip().lower(), _BY_ENDING.get(name.rpartition(".")[2], "")}
    known = {_SAME.get(word, word) for word in promised} - {"", sniff.UNKNOWN}
    actual = _SAME.get(media_type, media_type)
    return any(word != actual and not _unsettled(word, actual) for word in known)


def _unsettled(word: str, actual: str) -> bool:
    """First bytes cannot tell one text, office or container format from the next."""
    if actual == "text/plain":
        return word.startswith("text/") or word in {"application/json", "message/rfc822"}
    return (actual in {"application/zip", "application/x-ole-storage", "application/ogg", "video/webm", "video/mp4"}
            and word not in set(_BY_ENDING.values()) | set(_EXECUTABLE))


def is_one_thing(media_type: str) -> bool:
    """Whether a file of this type has no business being a page or an archive besides, as an archive of pages has."""
    return media_type.startswith(("image/", "audio/", "video/")) and media_type != "image/svg+xml" \
        or media_type == "application/pdf"


def _encrypted(media_type: str, head: bytes, tail: bytes) -> bool:
    if media_type == "application/pdf":
        return b"/Encrypt" in head or b"/Encrypt" in tail
    if media_type == "application/zip":
        return len(head) > 6 and bool(head[6] & 1)
    return False
