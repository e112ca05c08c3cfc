"""Throw made-up bytes at our own parsers: whatever they are given, they refuse it by name, soon and in little memory.

    script/drill fuzz [--seconds N] [PARSER …]

atheris (libFuzzer) makes the bytes and watches which lines of a parser they reach; it comes once, pinned, into
CASEWORK_HOME/judges/fuzz, and never into the product. There it keeps what it learnt, and each input that found
something. A finding is an exception that the parser does not name, more than 2 s, or more than 512 MiB. Exit 1 on a
finding. Parsers: zips, manifests, bag, canonical, checkpoint, proofs, notes, policy, tokens, multipart, sniff, formats,
whatsapp, telegram, xarchive, captures, tables, sheets."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from stack.install import PYTHON, ROOT, say

from drills.judge_pdf import CACHE
from drills.kit import inside

FOLDER = CACHE / "fuzz"
PINNED = ("atheris==3.0.0",
          "8a5c8a781467c187da40fd29139784193e2647058831f837f675d0bb8cbd8746")
PARSERS = ("zips", "manifests", "bag", "canonical", "checkpoint", "proofs", "notes", "policy", "tokens", "multipart",
           "sniff", "formats", "whatsapp", "telegram", "xarchive", "captures", "tables", "sheets")
SLOW, LARGE = 2, 512


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill fuzz")
    parser.add_argument("parsers", nargs="*", metavar="PARSER", help=f"of {', '.join(PARSERS)}; all of them")
    parser.add_argument("--seconds", type=int, default=60, help="for each parser (60)")
    wanted = parser.parse_args(arguments)
    if unknown := set(wanted.parsers) - set(PARSERS):
        parser.error(f"no parser {', '.join(sorted(unknown))}")
    inside.enter()
    python = _atheris()
    wrong = [name for name in wanted.parsers or PARSERS if not _fuzz(python, name, wanted.seconds)]
    say(f"fuzz: {len(wanted.parsers or PARSERS)} parsers, {wanted.seconds} s each; {len(wrong)} with findings"
        f"{': ' + ', '.join(wrong) if wrong else ''}")
    return 1 if wrong else 0


def _atheris() -> Path:
    """The interpreter of an environment that has it; beside it our own packages are seen."""
    python = FOLDER / "venv" / "bin" / "python"
    if not python.exists():
        say(f"Installing {PINNED[0]} …")
        subprocess.run([PYTHON, "-m", "venv", "--clear", str(FOLDER / "venv")], check=True)
        pin = FOLDER / "pinned.txt"
        pin.write_text(f"{PINNED[0]} --hash=sha256:{PINNED[1]}\n")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
                        "--require-hashes", "--only-binary", ":all:", "--no-deps", "-r", str(pin)], check=True)
    return python


def _fuzz(python: Path, name: str, seconds: int) -> bool:
    """Whether nothing was found within `seconds`."""
    corpus, found = FOLDER / "corpus" / name, FOLDER / "found" / f"{name}-"
    for folder in (corpus, found.parent):
        folder.mkdir(parents=True, exist_ok=True)
    packages = [path for path in sys.path if path.endswith("site-packages")]
    started = time.monotonic()
    done = subprocess.run(
        [str(python), "-m", "drills.kit.fuzzed", name, str(corpus), f"-max_total_time={seconds}", f"-timeout={SLOW}",
         f"-rss_limit_mb={LARGE}", "-max_len=16384", f"-artifact_prefix={found}", "-print_final_stats=1",
         "-verbosity=0"],
        cwd=ROOT / "script", capture_output=True, text=True, errors="replace",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "script"), str(ROOT), *packages])})
    said = done.stdout + done.stderr
    runs = said.partition("number_of_executed_units:")[2].split("\n")[0].strip() or "?"
    say(f"    {name:12} {runs:>10} inputs in {time.monotonic() - started:.0f} s"
        f"{'' if done.returncode == 0 else '   FOUND:'}")
    if done.returncode:
        say("\n".join(f"        {line}" for line in said.splitlines()[-30:]))
    return done.returncode == 0
