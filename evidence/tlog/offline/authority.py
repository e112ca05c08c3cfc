"""The one check that is left to another program: that a time authority signed its timestamps."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from evidence.tlog.offline.findings import Findings
from evidence.tlog.offline.history import MOST_SMALL
from evidence.tlog.offline.sources import Source


def command_for(count: int, authority: str = "AUTHORITY.pem") -> list[str]:
    """The command that checks timestamp `count`, to be run in proofs/timestamps."""
    return ["openssl", "ts", "-verify", "-data", f"{count}.note", "-in", f"{count}.tsr", "-CAfile", authority,
            "-untrusted", f"{count}.pem"]


def check_authorities(source: Source, counts: list[int], authorities: list[Path], findings: Findings) -> None:
    """Run the command for each timestamp under each root that was given, where there are some and there is openssl."""
    for count in counts:
        place = f"proofs/timestamps/{count}.tsr"
        if not authorities:
            findings.left_out("authority", place)
        elif shutil.which("openssl") is None:
            findings.left_out("authority.openssl", place)
        else:
            said = _run(source, count, authorities)
            if said:
                findings.fault("timestamp.authority", place, said)
            else:
                findings.well("authority", place=place)


def _run(source: Source, count: int, authorities: list[Path]) -> str:
    """What openssl complained of, in its last line; empty when one of the roots vouches for the timestamp."""
    said = ""
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        for part in ("note", "tsr", "pem"):
            data = source.read(f"proofs/timestamps/{count}.{part}", MOST_SMALL)
            (Path(folder) / f"{count}.{part}").write_bytes(data)
        for authority in authorities:
            done = subprocess.run(command_for(count, str(authority.resolve())), cwd=folder, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode == 0:
                return ""
            said = " ".join(done.stdout.decode("utf-8", "replace").split())[-300:] or "openssl refused"
    return said
