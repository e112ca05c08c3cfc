"""A program of the environment that has atheris: one parser of ours, given bytes for ever, with words to begin from.

What a parser raises by name is its answer. Everything else, and what takes too long or too much, is a finding."""

import io
import sys
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import atheris

with atheris.instrument_imports(include=["evidence", "casework.exhibits.multipart"]):
    from django.http.multipartparser import MultiPartParserError

    from casework.exhibits import multipart
    from evidence.intake import sniff
    from evidence.jail import bag, manifests, zips
    from evidence.jail.exports import options, sources, task, wire
    from evidence.jail.exports.records import Asked, Unreadable
    from evidence.jail.exports.times import Clock
    from evidence.tlog import canonical, checkpoint, cosignature, merkle, note, policy, ring, tiles
    from evidence.tlog.offline import jsons, notes, policies, tokens, trees

MOST = 5000
BOUNDARY = b"edge"
WITNESS = note.Key("w.example", note.COSIGNATURE, bytes(32))


def _zips(data: bytes) -> None:
    file = io.BytesIO(data)
    for member in zips.members(file, MOST):
        if not zips.fault(file, member):
            total = 0
            for chunk in zips.chunks(file, member):
                assert len(chunk) <= zips.CHUNK
                total += len(chunk)
            assert total == member.size


def _manifests(data: bytes) -> None:
    first, rest = data[:1], data[1:]
    pieces = [rest[at:at + 100] for at in range(0, len(rest), 100)]
    if first < b"\x40":
        manifests.declaration(iter(pieces))
    elif first < b"\x80":
        assert len(manifests.claims(iter(pieces))) <= manifests.MOST_CLAIMS
    else:
        for _path, digest in manifests.entries(iter(pieces), "md5", "1.0" if first < b"\xc0" else "0.97"):
            assert len(digest) == 32


def _bag(data: bytes) -> None:
    bag.work(io.BytesIO(data))


def _canonical(data: bytes) -> None:
    value = _or_none(canonical.decode, data)
    other = _or_none(lambda given: jsons.read_canonical(given.decode()), data)
    # Two implementations: what one takes the other takes, as the same value.
    assert value == other, (value, other)
    if value is not None:
        assert canonical.encode(value) == data


def _checkpoint(data: bytes) -> None:
    text = data.decode("utf-8", "strict")
    found = checkpoint.parse(text)
    if not found.extensions:
        assert checkpoint.write(found) == text


def _proofs(data: bytes) -> None:
    """Both implementations say the same of any proof."""
    a, b = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    rest = [data[at:at + 32] for at in range(4, len(data), 32)]
    if len(rest) < 2 or len(rest[-1]) != 32:
        return
    one, two, path = rest[0], rest[1], rest[2:]
    assert _holds(lambda: merkle.check_inclusion(one, a, b, path, two)) == trees.proves_inclusion(one, a, b, path, two)
    grown = trees.proves_growth(a, one, b, two, path)
    # The verifier knows no proof from an empty tree.
    assert a == 0 and not grown or grown == _holds(lambda: merkle.check_consistency(a, b, path, one, two))


def _notes(data: bytes) -> None:
    first, second = _or_none(note.parse, data), _or_none(notes.read_note, data)
    assert (first is None) == (second is None), (first, second)
    if first is not None:
        assert note.write(first) == data
    text = data.decode("utf-8", "replace")
    for reader in (note.parse_key, ring.parse, tiles.parse, notes.read_key):
        _or_none(reader, text)
    _or_none(lambda given: cosignature.find(given, "", WITNESS, lambda *_: True), data)


def _policy(data: bytes) -> None:
    first, second = _or_none(policy.parse, data), _or_none(policies.read_policy, data)
    assert first is None or second is not None, "the log's own reader takes what the verifier refuses"


def _tokens(data: bytes) -> None:
    _or_none(tokens.read_token, data)
    tokens.are_certificates(data)


def _multipart(data: bytes) -> None:
    for part in multipart.parts(io.BytesIO(data), len(data), BOUNDARY):
        assert len(part.name) <= len(data)
        for _piece in part.stream:
            pass


def _sniff(data: bytes) -> None:
    found = sniff.media_type(data)
    assert found.isascii() and "/" in found and len(found) < 100, found


def _export(kind: str, **said: Any) -> Callable[[bytes], None]:
    """A reader of exports: what it gives is sent and taken in again, and the writer proves that no byte was lost."""
    chosen = options.understood(said)

    def read(data: bytes) -> None:
        work = task.Work(sources.Source(io.BytesIO(data)), kind, chosen, Clock(None))
        for answer in b"".join(wire.written(work, 0)).splitlines():
            wire.read(answer)
    return read


def _look(data: bytes) -> None:
    task.Work(sources.Source(io.BytesIO(data)), "", options.understood({}), Clock(None)).look()


def _sheet(data: bytes) -> None:
    """The bytes are the sheet; the rest of a workbook is there."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as packed:
        packed.writestr("xl/workbook.xml", '<workbook><sheet name="a" id="1"/></workbook>')
        packed.writestr("xl/_rels/workbook.xml.rels", '<r><Relationship Id="1" Target="s.xml"/></r>')
        packed.writestr("xl/s.xml", data)
    _export("sheet", columns={"time": "a"}, time="iso")(book.getvalue())


def _or_none(reader: Callable[..., Any], data: bytes | str) -> Any:
    try:
        return reader(data)
    except ValueError:
        return None


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except merkle.ProofError:
        return False
    return True


# The parser → what it may raise.
NAMED: dict[str, tuple[Callable[[bytes], None], tuple[type[Exception], ...]]] = {
    "zips": (_zips, (zips.Broken, zips.TooMany)),
    "manifests": (_manifests, (manifests.Unfit,)),
    "bag": (_bag, ()),
    "canonical": (_canonical, ()),
    "checkpoint": (_checkpoint, (note.NoteError, UnicodeDecodeError)),
    "proofs": (_proofs, ()),
    "notes": (_notes, ()),
    "policy": (_policy, ()),
    "tokens": (_tokens, ()),
    "multipart": (_multipart, (MultiPartParserError,)),
    "sniff": (_sniff, ()),
    "formats": (_look, (Unreadable,)),
    "whatsapp": (_export("whatsapp", order="dmy"), (Unreadable, Asked)),
    "telegram": (_export("telegram"), (Unreadable,)),
    "xarchive": (_export("xarchive"), (Unreadable,)),
    "captures": (_export("zeeschuimer"), (Unreadable,)),
    "tables": (_export("table", columns={"time": "a"}, time="dmy"), (Unreadable,)),
    "sheets": (_sheet, (Unreadable,)),
}


def main() -> None:
    target, answers = NAMED[sys.argv.pop(1)]

    def once(data: bytes) -> None:
        with suppress(*answers):
            target(data)

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
