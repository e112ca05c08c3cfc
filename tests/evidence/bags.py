"""Valid bags, receipts and held checkpoints of many shapes, small, and made apart from both verifiers.

`make(random)` answers an Artefact: what a verifier is given and the verdict that it must come to. Trees, notes and
canonical form are the product's own, signatures are made by `cryptography`,
timestamps by asn1crypto without a signature
of an authority (no verifier checks that one itself)."""

import hashlib
import hmac
import io
import json
import random
import uuid
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.tlog import canonical, checkpoint, merkle, note
from tests.evidence import stamps

ORIGIN, CASE = "casework.example/log", "CW-2026-0014"
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
NAMES = ("screenshot.png", "اسکرین شاٹ.png", "100% paid.txt", "چیٹ‌ایکسپورٹ (1).txt", "a%25b.bin", "ß", "𝔊.dat",
         "\ue000.x",
         "~$x", "CON.txt", "-rf", "a;b&c'd.html", "très long " + "n" * 60)
COSIGNED_AT = 1773511509
NOISE = ("fixity", "access", "export", "replication", "virus_check", "decision", "release", "hold", "transfer",
         "disposal")


@dataclass(frozen=True)
class Signer:
    """A key that signs notes: a log's (kind 1) or a witness's (kind 4)."""

    key: note.Key
    private: Ed25519PrivateKey

    def sign(self, text: bytes) -> bytes:
        return self.private.sign(text)

    def cosign(self, text: bytes) -> bytes:
        at = COSIGNED_AT
        return at.to_bytes(8, "big") + self.private.sign(b"cosignature/v1\ntime %d\n" % at + text)


@cache
def signer(number: int, name: str = ORIGIN, kind: int = note.ED25519) -> Signer:
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{number} {name} {kind}".encode()).digest())
    return Signer(note.Key(name, kind, private.public_key().public_bytes_raw()), private)


@dataclass(frozen=True)
class Zeros:
    """A file of so many zero bytes that nobody wants it in memory; stands for its bytes where digests are made."""

    size: int

    def __len__(self) -> int:
        return self.size

    def hexdigest(self, algorithm: str) -> str:
        return _zeros(self.size, algorithm)

    def crc(self) -> int:
        value = 0
        for piece in _pieces(self.size):
            value = zlib.crc32(piece, value)
        return value


@cache
def _zeros(size: int, algorithm: str) -> str:
    made = hashlib.new(algorithm)
    for piece in _pieces(size):
        made.update(piece)
    return made.hexdigest()


def _pieces(size: int) -> Iterator[bytes]:
    full = bytes(1 << 20)
    for at in range(0, size, len(full)):
        yield full[:size - at] if size - at < len(full) else full


def hexdigest(data: bytes | Zeros, algorithm: str) -> str:
    return data.hexdigest(algorithm) if isinstance(data, Zeros) else hashlib.new(algorithm, data).hexdigest()


# The files of a bag by their path. Only the drill with a large file has a Zeros among them.
Files = dict[str, Any]


@dataclass
class Log:
    """Events with their salts, and the tree over them."""

    chance: random.Random
    events: list[tuple[bytes, bytes]] = field(default_factory=list)

    def tell(self, kind: str, subject: str, detail: dict[str, Any], context: str = f"case/{CASE}") -> int:
        """The index of a new event."""
        chance = self.chance
        agent = {"type": chance.choice(["person", "software"]), "name": chance.choice(["Imran Sethi", "رِدا ملک",
                                                                                       "casework"])}
        event = {"v": 1, "id": str(uuid.UUID(int=chance.getrandbits(128))), "kind": kind, "subject": subject,
                 "at": f"2026-03-{chance.randint(1, 28):02}T18:05:09.{chance.randrange(10 ** 6):06}Z",
                 "context": context, "detail": detail,
                 "agent": agent | ({"id": "user/7"} if chance.random() < 0.5 else {})}
        return self.write(canonical.encode(event))

    def restore(self, restored: int, size: int, root: str, /, **other: Any) -> int:
        """The index of a new event in which two people declare that the log went on from `restored` entries."""
        detail: dict[str, Any] = {
            "act": "log_restored", "approver": {"type": "person", "name": "Sana Tariq"}, "how": "restore",
            "reason": "The disk broke.", "restored": {"size": restored, "root": "0" * 64},
            "given_up": {"size": size, "root": root}}
        return self.tell("decision", f"rewind/{uuid.UUID(int=self.chance.getrandbits(128))}", detail | other, "log")

    def write(self, content: bytes) -> int:
        self.events.append((content, self.chance.randbytes(32)))
        return len(self.events) - 1

    def commitment(self, index: int) -> bytes:
        content, salt = self.events[index]
        return hmac.digest(salt, content, "sha256")

    def leaf(self, index: int) -> bytes:
        return merkle.leaf_hash(b"\x01" + self.commitment(index))

    def tree(self) -> merkle.Node:
        """Nodes of the tree as it is now; each is computed once."""
        @cache
        def node(level: int, index: int) -> bytes:
            if level == 0:
                return self.leaf(index)
            return merkle.node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))
        return node


@dataclass(frozen=True)
class Exhibit:
    """Where its files are in the bag, and the indexes of the events that bind them."""

    label: str
    item: str
    accession: int
    tie: int
    name: str


@dataclass
class Bag:
    """Files by path, and all that is needed to make them anew after one of them was changed."""

    files: Files
    log: Log
    size: int
    signers: list[Signer]
    witnesses: list[Signer]
    identifier: str
    exhibits: list[Exhibit] = field(default_factory=list)
    heads: dict[int, str] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)

    def node(self) -> merkle.Node:
        return self.log.tree()

    def sealed(self, by: Signer | None = None) -> Files:
        """The files with fresh manifests and a fresh seal."""
        return seal(self.files, by or self.signers[0], self.identifier)


@dataclass(frozen=True)
class Artefact:
    """What a verifier is given. `files` or `archive` or neither; `expected` are the verdicts that are right."""

    files: Files | None = None
    archive: bytes | None = None
    keys: tuple[str, ...] = ()
    checkpoints: tuple[bytes, ...] = ()
    receipts: tuple[bytes, ...] = ()
    expected: frozenset[str] = frozenset()
    what: str = ""
    bag: Bag | None = None

    @property
    def has_bag(self) -> bool:
        return self.files is not None or self.archive is not None

    def with_bag(self, files: Files, **other: Any) -> "Artefact":
        """The same with other files, in the same form."""
        if self.archive is None:
            return replace(self, files=files, **other)
        return replace(self, archive=zipped(files), **other)


def signed_checkpoint(log: Log, size: int, by: Iterable[Signer], witnesses: Iterable[Signer] = ()) -> bytes:
    """The checkpoint of the first `size` events."""
    text = checkpoint.write(checkpoint.Checkpoint(ORIGIN, size, merkle.root(size, log.tree())))
    signatures = [(one.key, one.sign) for one in by]
    signatures += [(one.key, one.cosign) for one in witnesses]
    return note.sign(text, signatures)


def seal(files: Files, by: Signer, identifier: str, origin: str = ORIGIN) -> Files:
    """The files with manifests, tag manifests and seal made for them; any they had are replaced."""
    made = {path: data for path, data in files.items() if path != "seal" and "manifest-" not in path.split("/")[0]}
    payload = [path for path in made if path.startswith("data/")]
    oxum = f"Payload-Oxum: {sum(len(made[path]) for path in payload)}.{len(payload)}"
    if "bag-info.txt" in made:
        made["bag-info.txt"] = b"\n".join(oxum.encode() if line.startswith(b"Payload-Oxum: ") else line
                                          for line in made["bag-info.txt"].split(b"\n"))
    return sign_seal(tag(made | {f"manifest-{name}.txt": manifest(made, payload, name)
                                 for name in ("sha256", "sha512")}),
                     by, identifier, origin)


def tag(files: Files) -> Files:
    tags = [path for path in files if not path.startswith("data/") and not path.startswith("tagmanifest-")
            and path != "seal"]
    return files | {f"tagmanifest-{name}.txt": manifest(files, tags, name) for name in ("sha256", "sha512")}


def sign_seal(files: Files, by: Signer, identifier: str, origin: str = ORIGIN) -> Files:
    digests = "".join(f"{name} {hashlib.new(name, files[f'tagmanifest-{name}.txt']).hexdigest()}\n"
                      for name in ("sha256", "sha512"))
    return files | {"seal": note.sign(f"casework-bag/1\n{origin}\n{identifier}\n{digests}", [(by.key, by.sign)])}


def manifest(files: Files, paths: Iterable[str], algorithm: str) -> bytes:
    return "".join(f"{hexdigest(files[path], algorithm)}  {path.replace('%', '%25')}\n"
                   for path in sorted(paths)).encode()


def zipped(files: Files, root: str = "bag", wide: bool = False) -> bytes:
    """The bag as a Zip file, by Python's own writer; `wide` writes Zip64 fields where none are needed."""
    out = io.BytesIO()
    starts = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            info = zipfile.ZipInfo(f"{root}/{path}", (2026, 3, 14, 18, 5, 8))
            info.external_attr = 0o100644 << 16
            info.create_version = info.extract_version = zipfile.ZIP64_VERSION if wide else zipfile.DEFAULT_VERSION
            with archive.open(info, "w", force_zip64=wide) as member:
                member.write(files[path])
            starts.append(info.header_offset)
    made = bytearray(out.getvalue())
    # Before Python 3.11.4 the writer forgot that sizes beside a Zip64 field must point to it.
    for start in starts if wide else ():
        made[start + 18:start + 26] = b"\xff" * 8
    return bytes(made)


def event_line(log: Log, index: int, size: int, node: merkle.Node, *, withheld: bool = False) -> bytes:
    content, salt = log.events[index]
    entry = {"index": index, "commitment": log.commitment(index).hex(), "salt": None if withheld else salt.hex(),
             "content": None if withheld else content.decode(),
             "path": [step.hex() for step in merkle.inclusion_proof(index, size, node)]}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def head_line(old: int, size: int, said: str, node: merkle.Node) -> bytes:
    entry = {"size": old, "root": merkle.root(old, node).hex(), "said": said,
             "path": [step.hex() for step in merkle.consistency_proof(old, size, node)]}
    return json.dumps(entry, separators=(",", ":")).encode() + b"\n"


def receipt(log: Log, exhibit: Exhibit, size: int | None, by: Iterable[Signer], indent: int | None = None) -> bytes:
    """The receipt of an exhibit under the checkpoint of `size` events, or one that waits for its place."""
    content, salt = log.events[exhibit.accession]
    event = canonical.decode(content)
    detail, node = event["detail"], log.tree()
    whole: dict[str, Any] = {
        "format": "casework-receipt/1", "origin": ORIGIN, "case": CASE, "exhibit": exhibit.label, "item": exhibit.item,
        "name": detail["name"], "size": detail["size"], "sha256": detail["sha256"],
        "declared_sha256": detail["declared_sha256"], "received_at": "2026-03-14T18:05:09.123456+00:00",
        "leaf_hash": log.leaf(exhibit.accession).hex(),
        "event": {"id": event["id"], "salt": salt.hex(), "content": content.decode()}, "log": None, "checkpoint": None}
    if size is not None:
        path = merkle.inclusion_proof(exhibit.accession, size, node)
        whole["log"] = {"index": exhibit.accession, "size": size, "path": [step.hex() for step in path]}
        whole["checkpoint"] = signed_checkpoint(log, size, by).decode()
    return json.dumps(whole, ensure_ascii=indent is not None, indent=indent).encode()


def token(data: bytes, chance: random.Random) -> bytes:
    """An RFC 3161 response for `data`."""
    return stamps.response(hashlib.sha256(data).digest(), serial=chance.getrandbits(64), nonce=chance.getrandbits(63))
