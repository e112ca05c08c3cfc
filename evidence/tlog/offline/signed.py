"""What is signed in a bag: the policy's keys, the seal over the manifests, and the checkpoint."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from evidence.tlog.offline.findings import Findings
from evidence.tlog.offline.layout import CHECKPOINT, KEYS, POLICY, SEAL, TAG_MANIFESTS
from evidence.tlog.offline.manifests import Digests
from evidence.tlog.offline.notes import (
    LOG_KEY,
    WITNESS_KEY,
    SignedNote,
    Term,
    TreeHead,
    VerifierKey,
    cosigners,
    read_head,
    read_note,
    signers,
    strangers,
)
from evidence.tlog.offline.plain import lines_of
from evidence.tlog.offline.policies import Policy, read_policy
from evidence.tlog.offline.rings import read_ring
from evidence.tlog.offline.sources import Source

_MOST_NOTE = 1_000_000


@dataclass
class Keys:
    """Those that the package brings, those that were given, which of the given ones signed something, and the sizes of
    the checkpoints that were looked at."""

    given: list[VerifierKey]
    brought: list[VerifierKey] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    sizes: set[int] = field(default_factory=set)

    @property
    def all(self) -> list[VerifierKey]:
        return list({key.text: key for key in [*self.brought, *self.given]}.values())

    @property
    def given_logs(self) -> set[str]:
        return {key.text for key in self.given if key.kind == LOG_KEY}

    def counting(self, note: SignedNote, size: int) -> set[str]:
        """Whose signatures on a checkpoint of `size` entries count. One of a revoked key is passed over. ValueError for
        a wrong one, or one of a key that did not sign yet or any more at this size."""
        self.sizes.add(size)
        found = set()
        for text in sorted(signers(note, self.all)):
            # What the package says of a key can only narrow what was said of it elsewhere, and the reverse.
            terms = [key.term for key in [*self.brought, *self.given] if key.text == text]
            if any(term.revoked is not None and size >= term.revoked for term in terms):
                continue
            if any(size < term.since or term.spent(size) for term in terms):
                raise ValueError(f"signed with a key that does not sign at size {size}")
            found.add(text)
        self.used |= found
        return found

    def idle(self, key: VerifierKey) -> bool:
        """Whether nothing here can have been signed with this key, as the line says that it was given with."""
        return key.term != Term() and bool(self.sizes) and all(
            size < key.term.since or key.term.spent(size) for size in self.sizes)

    def check(self, note: SignedNote, size: int | None, code: str, place: str, findings: Findings) -> set[str]:
        """Who signed: one of the keys that the package brings, and where keys were given one of those. `size` is that
        of a checkpoint."""
        try:
            found = signers(note, self.all) if size is None else self.counting(note, size)
        except ValueError as error:
            findings.fault(f"{code}.signature", place, error)
            return set()
        self.used |= found
        if not found & {key.text for key in self.brought}:
            findings.fault(f"{code}.signature", place, "signed by no key of the package")
        elif self.given_logs and not found & self.given_logs:
            findings.fault(f"{code}.key", place, "signed by no key that was given")
        return found


def check_policy(source: Source, origin: str, keys: Keys, findings: Findings) -> Policy:
    """The policy; its keys become those that the package brings."""
    policy = Policy(quorum="none")
    if source.has(POLICY):
        try:
            policy = read_policy(source.read(POLICY, _MOST_NOTE))
        except ValueError as error:
            findings.fault("policy.syntax", POLICY, error)
    for key in policy.logs:
        if key.name != origin:
            findings.fault("policy.origin", POLICY, key.name)
    keys.brought = [*_with_terms(source, policy, findings), *policy.witnesses.values()]
    return policy


def _with_terms(source: Source, policy: Policy, findings: Findings) -> list[VerifierKey]:
    """The log's keys, each with the sizes that the list beside the policy says, where there is one."""
    if not source.has(KEYS):
        return policy.logs
    try:
        ring = read_ring(source.read(KEYS, _MOST_NOTE))
    except ValueError as error:
        findings.fault("keys.syntax", KEYS, error)
        return policy.logs
    if {key.text for key in ring} != {key.text for key in policy.logs}:
        findings.fault("keys.policy", KEYS)
    terms = {key.text: key.term for key in ring}
    return [replace(key, term=terms.get(key.text, key.term)) for key in policy.logs]


def check_seal(source: Source, info: dict[str, str], digests: dict[str, Digests], keys: Keys,
               findings: Findings) -> set[str]:
    """The seal names the bag and both tag manifests, and a key of the log signed it: which."""
    if not source.has(SEAL):
        return set()
    try:
        note = read_note(source.read(SEAL, _MOST_NOTE))
        lines = lines_of(note.text.encode())
        if len(lines) != 5 or lines[0] != "casework-bag/1" or len(note.signatures) != 1:
            raise ValueError("not the five lines of a seal and one signature")
    except ValueError as error:
        findings.fault("seal.syntax", SEAL, error)
        return set()
    if lines[1] != info.get("Casework-Origin"):
        findings.fault("seal.origin", SEAL, lines[1])
    if lines[2] != info.get("External-Identifier"):
        findings.fault("seal.identifier", SEAL, lines[2])
    for line, (algorithm, manifest) in zip(lines[3:], TAG_MANIFESTS.items()):
        if manifest in digests and line != f"{algorithm} {getattr(digests[manifest], algorithm)}":
            findings.fault("seal.digest", manifest, line)
    return keys.check(note, None, "seal", SEAL, findings)


def check_seal_term(sealed: set[str], head: TreeHead | None, keys: Keys, findings: Findings) -> None:
    """A bag is made after its checkpoint: none of the keys that sealed it was out of use by then."""
    for key in [*keys.brought, *keys.given]:
        if head is not None and key.text in sealed and key.term.spent(head.size):
            findings.fault("seal.term", SEAL, f"{key.name} {key.id.hex()}")


def check_checkpoint(source: Source, origin: str, policy: Policy, keys: Keys, findings: Findings) -> TreeHead | None:
    """The head that everything in the bag is proven against; None where there is none to prove against."""
    if not source.has(CHECKPOINT):
        return None
    try:
        note = read_note(source.read(CHECKPOINT, _MOST_NOTE))
        head = read_head(note)
    except ValueError as error:
        findings.fault("checkpoint.syntax", CHECKPOINT, error)
        return None
    if head.origin != origin:
        findings.fault("checkpoint.origin", CHECKPOINT, head.origin)
    keys.check(note, head.size, "checkpoint", CHECKPOINT, findings)
    _check_witnesses(note, policy, keys, findings)
    return head


def _check_witnesses(note: SignedNote, policy: Policy, keys: Keys, findings: Findings) -> None:
    try:
        found = cosigners(note, keys.all)
    except ValueError as error:
        findings.fault("checkpoint.cosignature", CHECKPOINT, error)
        return
    given = {key.text for key in keys.given if key.kind == WITNESS_KEY}
    keys.used |= set(found)
    names = {key.text: key.name for key in keys.all}
    for text in sorted(found):
        if text in given:
            findings.well("cosignature", place=names[text], time=found[text])
        else:
            findings.left_out("cosignature.brought", names[text])
    for stranger in strangers(note, keys.all):
        findings.left_out("cosignature.unknown", stranger)
    if not policy.reached(set(found)):
        findings.left_out("quorum", policy.quorum)
