"""Join the parts into the two files that leave the house: `verify.py` and `verify.html`.

Deterministic: the same parts give the same bytes, so that their SHA-256 can be compared with one read elsewhere."""

import ast
import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from evidence.tlog.offline.fault_texts import FAULT_TEXTS
from evidence.tlog.offline.texts import TEXTS

FOLDER = Path(__file__).parent
PREFIX = "evidence.tlog.offline."
PARTS = ("findings", "plain", "edwards", "trees", "jsons", "notes", "rings", "policies", "tokens", "unassigned",
         "sources", "zips", "layout", "manifests", "events", "binding", "signed", "history", "outside", "authority",
         "judging", "fault_texts", "texts", "command")
SCRIPTS = ("plain", "findings", "sha256", "sha512", "crc32", "edwards", "trees", "jsons", "notes", "rings", "policies",
           "tokens", "unassigned", "sources", "zips", "layout", "manifests", "events", "binding", "history", "signed",
           "outside", "judging", "hashers", "words", "files", "sheet", "page")
STYLES = ("page", "sheet")
_SCRIPT_NAME = re.compile(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", re.MULTILINE)
_HEAD = '''#!/usr/bin/env python3
"""Check a Casework bag or receipt: offline, with Python 3.9 or later and its standard library alone.

    python3 verify.py BAG --key VKEY        a bag, as a folder or a Zip file, under a key that you have from elsewhere
    python3 verify.py --receipt FILE --key VKEY
    python3 verify.py --help

It opens no network connection and changes nothing. Each section below was one file of the project; their order is the
order in which they need each other. docs/bag.md and docs/custody-log.md in the project say what is checked."""

from __future__ import annotations
'''
_TAIL = '''

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
'''


@cache
def verify_py() -> bytes:
    """The Python verifier. Raises ValueError for parts that do not fit into one file."""
    plain: set[str] = set()
    chosen: dict[str, set[str]] = {}
    sections, defined = [], set()
    for part in PARTS:
        source = (FOLDER / f"{part}.py").read_text()
        tree = ast.parse(source)
        for name in _defined(tree):
            if name in defined:
                raise ValueError(f"{part}.py defines {name}, and an earlier part does too")
            defined.add(name)
        sections.append(_section(part, source, tree, plain, chosen))
    imports = [f"import {name}" for name in sorted(plain)]
    imports += [f"from {module} import {', '.join(sorted(names))}" for module, names in sorted(chosen.items())]
    return (_HEAD + "\n" + "\n".join(imports) + "\n" + "".join(sections) + _TAIL).encode()


@cache
def verify_html() -> bytes:
    """The page: its own style and script, each allowed by its hash, and nothing from anywhere else."""
    words = {code: list(texts) for code, texts in {**TEXTS, **FAULT_TEXTS}.items()}
    said = json.dumps(words, ensure_ascii=False, indent=0).replace("</", "<\\/")
    scripts = "".join(_page_part(f"{name}.js") for name in SCRIPTS)
    names = _SCRIPT_NAME.findall(scripts)
    if len(set(names)) != len(names):
        raise ValueError(f"defined twice: {sorted(name for name in set(names) if names.count(name) > 1)}")
    script = f"'use strict';\nconst TEXTS = {said};\n{scripts}"
    style = "".join(_page_part(f"{name}.css") for name in STYLES)
    policy = (f"default-src 'none'; script-src '{_allowed(script)}'; style-src '{_allowed(style)}'; worker-src blob:; "
              "base-uri 'none'; form-action 'none'")
    page = (FOLDER / "page" / "page.html").read_text()
    for mark, text in (("POLICY", policy), ("STYLE", style), ("SCRIPT", script)):
        if page.count(f"@{mark}@") != 1:
            raise ValueError(f"page.html has no single @{mark}@")
        page = page.replace(f"@{mark}@", text)
    return page.encode()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _section(part: str, source: str, tree: ast.Module, plain: set[str], chosen: dict[str, set[str]]) -> str:
    """The part without its imports, its caption as a comment; what it imports is added to the two collections."""
    lines = source.splitlines()
    caption, *body = tree.body
    dropped = set(range(caption.lineno, (caption.end_lineno or 0) + 1))
    for node in body:
        if isinstance(node, ast.Import):
            plain.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.module != "__future__" and not (node.module or "").startswith(PREFIX):
                chosen.setdefault(node.module or "", set()).update(alias.name for alias in node.names)
        else:
            continue
        dropped.update(range(node.lineno, (node.end_lineno or 0) + 1))
    kept = "\n".join(line for count, line in enumerate(lines, 1) if count not in dropped).strip("\n")
    comment = "\n".join(f"# {line}".rstrip() for line in (ast.get_docstring(tree) or "").splitlines())
    return f"\n\n# {'=' * 20} {part}\n{comment}\n\n{kept}\n"


def _defined(tree: ast.Module) -> list[str]:
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    return found


def _page_part(name: str) -> str:
    text = (FOLDER / "page" / name).read_text()
    if "</script" in text or "</style" in text:
        raise ValueError(f"{name} would end the element that it stands in")
    return f"\n/* {'=' * 20} {name} */\n{text}"


def _allowed(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
