"""litewitness judges our log: it cosigns what grew, and refuses a fork and a rewind, which we take as alarms."""

import os
import shutil
import tempfile
from pathlib import Path

from stack import install

from drills import litewitness
from drills.throwaway import ROOT, Log

ORIGIN = "drill.example/log"


def judge() -> int:
    """Print a verdict on each claim; 1 unless all pass. Runs itself again with the project's own Python."""
    if not install.inside():
        os.execv(install.PYTHON, [str(install.PYTHON), str(ROOT / "script" / "drill"), "judges", "witness"])
    litewitness.fetch()
    # Sockets have short names only.
    folder = Path(tempfile.mkdtemp(prefix="drill-", dir="/tmp"))
    try:
        with litewitness.running(folder) as witness:
            (folder / "policy").write_text(f"witness judge {witness.vkey} {witness.url}\nquorum judge\n")
            log = Log(folder / "log", ORIGIN, LOG_POLICY=str(folder / "policy"))
            try:
                return _judged(log, witness)
            finally:
                log.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _judged(log: Log, witness: litewitness.Witness) -> int:
    from evidence.custody import checkpoints, memory, parties, published, rounds
    from evidence.custody.outside import Party

    def problem() -> str:
        return str(Party.objects.get(kind="witness").problem)

    def again() -> int:
        Party.objects.update(next_at=None)
        return rounds.go()

    log.grow(2)
    rounds.go()
    verdicts = [("a log that it was not told of is unknown to it", problem() == Party.Problem.UNKNOWN_LOG)]
    witness.know(ORIGIN, log.vkey)
    again()
    for entries in (1, 5, 300):
        log.grow(entries)
        again()
    shown = published.latest()
    verdicts += [
        ("four checkpoints, the last of 308 entries, are cosigned and the cosignature verifies", shown is not None
         and shown.checkpoint.size == 308 and shown.quorum is True),
        ("its own books say the same", witness.known_size(ORIGIN) == 308)]
    if shown:
        print(shown.note)
    log.copy("early")
    log.grow(7)
    again()
    verdicts.append(("a fifth is cosigned", witness.known_size(ORIGIN) == 315))

    log.put_back("early")
    try:
        log.grow(1)
    except checkpoints.Rewound:
        verdicts.append(("the signer itself refuses a log that was put back", True))
    else:
        verdicts.append(("the signer itself refuses a log that was put back", False))
    # Whoever has the signer's memory too is stopped outside.
    memory.path_of().unlink()
    log.grow(1)
    verdicts.append(("a rewound log is refused a cosignature", again() == 0))
    verdicts.append(("and that is an alarm here", problem() == Party.Problem.AHEAD and problem() in parties.ALARMS))
    log.grow(20)
    verdicts.append(("a log that grew another way is refused a cosignature", again() == 0))
    verdicts.append(("and that is an alarm here", problem() == Party.Problem.FORK and problem() in parties.ALARMS))
    verdicts.append(("it still stands where the true log stood", witness.known_size(ORIGIN) == 315))
    for claim, holds in verdicts:
        print(f"{'PASS' if holds else 'FAIL'} {claim}")
    return 0 if all(holds for _claim, holds in verdicts) else 1
