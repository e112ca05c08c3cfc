"""How tests/vectors/bag.zip and what lies beside it were made, once: `python -m tests.vectors.make FOLDER`.

The bag is a small one of tests/evidence/shapes.py; its two timestamps are real,
by an authority of its own that `openssl ts`
played and whose keys were thrown away. The certificates hold for a hundred years, because `openssl ts -verify` asks
whether they hold today. Made anew, everything is different and just as good; what is kept shows that a bag
that left the house once still verifies."""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.evidence import shapes
from tests.evidence.bags import receipt, signed_checkpoint, zipped

CONFIGURATION = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = authority
[authority]
dir = .
serial = ./serial
crypto_device = builtin
signer_cert = ./stamping.pem
certs = ./root.pem
signer_key = ./stamping.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_authority(folder: Path) -> Path:
    """An authority that stamps: its files are in `folder`, its root certificate is root.pem."""
    (folder / "authority.conf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01\n")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "authority.conf"]
    openssl(folder, "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-days", "36500", "-subj",
            "/CN=An invented time authority", "-extensions", "root")
    openssl(folder, "req", "-new", *key, "-keyout", "stamping.key", "-out", "stamping.csr", "-subj",
            "/CN=An invented time authority, stamping")
    openssl(folder, "x509", "-req", "-in", "stamping.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
            "-days",
            "36500", "-extfile", "authority.conf", "-extensions", "stamping", "-out", "stamping.pem")
    return folder / "root.pem"


def stamp(folder: Path, data: bytes) -> tuple[bytes, bytes]:
    """The authority's response for `data`, and its certificate in PEM."""
    (folder / "data").write_bytes(data)
    openssl(folder, "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query.tsq")
    openssl(folder, "ts", "-reply", "-config", "authority.conf", "-queryfile", "query.tsq", "-out", "answer.tsr")
    chain = (folder / "stamping.pem").read_text()
    return (folder / "answer.tsr").read_bytes(), chain[chain.index("-----BEGIN"):].encode()


def main(target: Path) -> None:
    for seed in range(1000):
        bag = shapes.make_bag(random.Random(seed))
        notes = [path for path in bag.files if path.endswith(".note")]
        if len(notes) == 2 and len(bag.exhibits) == 2 and bag.witnesses and "proofs/heads.jsonl" in bag.files:
            break
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = make_authority(folder)
        for path in notes:
            answer, chain = stamp(folder, bag.files[path])
            bag.files |= {path.replace(".note", ".tsr"): answer, path.replace(".note", ".pem"): chain}
        (target / "authority.pem").write_bytes(root.read_bytes())
    (target / "bag.zip").write_bytes(zipped(bag.sealed(), "CW-2026-0014-bag"))
    (target / "key.txt").write_text(f"{bag.signers[0].key}\n")
    (target / "checkpoint.txt").write_bytes(signed_checkpoint(bag.log, bag.size, bag.signers[:1]))
    (target / "receipt.json").write_bytes(receipt(bag.log, bag.exhibits[0], bag.size, bag.signers[:1], 2))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
