"""Signs that a file is a second thing besides what it begins as: markup that a browser would run, an archive, a PDF.

Pure; compares bytes with signatures and never parses. Readers of archives look at the end of a file and readers of
PDFs within its first 1024 bytes, so a picture may be either besides."""

import re
import struct

# A reader looks for the end record of a Zip file in so many last bytes, for the head of a PDF in so many first ones.
LAST, FIRST = 22 + 0xFFFF, 1024
# No sign is longer than this, so pieces of a file that overlap by it hide none.
LONGEST = 64
# XMP and the like in ordinary pictures is markup too, but none of these.
_MARKUP = re.compile(rb"<(?:script|iframe|html|!doctype\s{1,40}html)[\s>/]", re.IGNORECASE)
# UTF-16 has a zero between any two letters.
_HTA = re.compile(b"<" + b"".join(b"\0?" + bytes([letter]) for letter in b"hta:application"), re.IGNORECASE)
# Readers of these look for their beginning anywhere.
_ARCHIVES = (b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c")
_END = struct.Struct("<4s4H2LH")
_ENTRY = 46


def markup(data: bytes) -> bool:
    """Whether `data` has the beginning of a page or of a script."""
    return _MARKUP.search(data) is not None


def hta(data: bytes) -> bool:
    """Whether `data` has the mark of an HTML application, in whichever encoding."""
    return _HTA.search(data) is not None


def archive(data: bytes) -> bool:
    """Whether `data` has the beginning of a Rar or 7-Zip archive, past its own first byte."""
    return any(data.find(sign, 1) >= 0 for sign in _ARCHIVES)


def pdf(head: bytes) -> bool:
    """Whether a reader of PDFs would take a file with this `head` for one, though it begins as something else."""
    return b"%PDF-" in head[1:FIRST]


def directories(tail: bytes) -> list[int]:
    """Where in `tail`, the end of a file, directories of Zip files begin, if there are any: at the PK\\1\\2 that must
    stand there. Below zero: so many bytes before the tail."""
    found, at = [], tail.find(b"PK\5\6")
    while at >= 0:
        if len(tail) - at >= _END.size:
            _mark, _disk, _first, _here, count, size, _start, comment = _END.unpack_from(tail, at)
            if count and size >= count * _ENTRY and at + _END.size + comment <= len(tail):
                found.append(at - size)
        at = tail.find(b"PK\5\6", at + 1)
    return found


def zipped(tail: bytes) -> bool:
    """Whether `tail` holds the whole directory of a Zip file."""
    return any(at >= 0 and tail.startswith(b"PK\1\2", at) for at in directories(tail))
