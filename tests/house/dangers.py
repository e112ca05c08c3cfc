"""What is dangerous in Python and has no place here, or one: found in the syntax trees, as tests/house/checks.py does.

Each check takes a tree's root and answers sentences, none when all is well."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.checks import BESIDE, Check, imported, module_name, python_files, within

# Where a program may speak to others: one room for what leaves the house, and the storages.
NETWORK = ("requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "ftplib", "smtplib", "telnetlib",
           "xmlrpc", "websockets", "paramiko", "socket")
EGRESS = "evidence.custody.egress"
# Bare sockets beside it: to the scanner of this machine, to find out in the jail that there is no way out, those that
# the web server was called on, and to the database's own place, to hear whether it lives: libpq's ping would stop all
# threads of the process meanwhile.
SOCKETS = {"evidence.screening.clamd", "evidence.jail.probe", "casework.serving", "casework.database.silence"}
STORE = "evidence.store"
# What a caller sent; services take named values that a form or a serializer has read.
SENT = {"POST", "GET", "data", "query_params", "FILES", "META", "headers", "COOKIES", "body"}
CODE = {"eval", "exec", "__import__"}
UNPACKERS = {"pickle", "cPickle", "dill", "marshal", "shelve", "jsonpickle"}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
YAML = {"load", "load_all", "full_load", "full_load_all", "unsafe_load", "unsafe_load_all"}
SINKS = re.compile(r"\.(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdocument\.write|\bsetHTMLUnsafe\b|\beval\(|"
                   r"\bnew Function\b|\bset(?:Timeout|Interval)\(\s*[\"'`]|setAttribute\(\s*[\"'`](?:on|srcdoc)|"
                   r"javascript:|\bcreateContextualFragment\b|\bDOMParser\b", re.IGNORECASE)
KEYS = {"pk", "id", "ref", "number"}


def _trees(root: Path, *, beside: bool = False) -> Iterator[tuple[str, str, ast.Module]]:
    """(path, module, tree) of the floors, and with `beside` of tests, scripts and measurements too."""
    files = list(python_files(root))
    if beside:
        files += [path for folder in BESIDE for path in sorted((root / folder).rglob("*"))
                  if path.suffix == ".py" or path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env python")]
    for path in files:
        yield str(path.relative_to(root)), module_name(root, path), ast.parse(path.read_text())


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call, with what is called as it is written."""
    yield from ((node, ast.unparse(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call))


def sql_by_hand(root: Path) -> list[str]:
    """Managers make the SQL of the doors; the log's own goes through cursors, with parameters."""
    return [f"{path}:{call.lineno}: {name}(): let the ORM write the SQL" for path, _, tree in _trees(root)
            for call, name in _calls(tree) if name.split(".")[-1] in {"raw", "extra", "RawSQL"}]


def what_was_sent_passed_on_whole(root: Path) -> list[str]:
    """`**request.POST` would let the caller name arguments that no form shows."""
    found = []
    for path, _, tree in _trees(root):
        for node in ast.walk(tree):
            opened = [word.value for word in node.keywords if word.arg is None] if isinstance(node, ast.Call) else (
                [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
                if isinstance(node, ast.Dict) else [])
            found += [f"{path}:{value.lineno}: **{ast.unparse(value)}: read it through a form or a serializer"
                      for value in opened if _is_sent(value)]
    return found


def _is_sent(value: ast.AST) -> bool:
    asked = [node for node in ast.walk(value) if isinstance(node, ast.Attribute) and node.attr in SENT
             and ast.unparse(node.value).split(".")[-1] in {"request", "_request"}]
    return bool(asked) or isinstance(value, ast.Name) and value.id == "request"


def commands_through_a_shell(root: Path) -> list[str]:
    """A list of words goes to a program as it is; a line would be read by a shell first."""
    return [f"{path}:{call.lineno}: {name}() by a shell: give a list of words"
            for path, _, tree in _trees(root, beside=True) for call, name in _calls(tree)
            if name in SHELLS or any(word.arg == "shell" and not (isinstance(word.value, ast.Constant)
                                                                  and word.value.value is False)
                                     for word in call.keywords)]


def text_run_as_code(root: Path) -> list[str]:
    """eval and its kin, packed objects and YAML that makes objects: each runs what somebody wrote."""
    found = []
    for path, _, tree in _trees(root, beside=True):
        found += [f"{path}:{call.lineno}: {name}() runs text as code" for call, name in _calls(tree) if name in CODE]
        found += [f"{path}:{call.lineno}: {name}(): use safe_load" for call, name in _calls(tree)
                  if name.split(".")[0] == "yaml" and name.split(".")[-1] in YAML]
        found += [f"{path}:{line}: {name} runs what it reads" for line, name in imported(tree)
                  if name.split(".")[0] in UNPACKERS]
    return found


def networks_beside_the_door(root: Path) -> list[str]:
    """What may be called, how long it may take and how much it may answer is decided in one place."""
    return [f"{path}:{line}: {name}: go through {EGRESS}" for path, module, tree in _trees(root)
            if not within(module, EGRESS) for line, name in imported(tree)
            if any(within(name, library) for library in NETWORK) and (name != "socket" or module not in SOCKETS)]


def files_beside_the_store(root: Path) -> list[str]:
    """Django's own storages neither hash nor sync what they keep."""
    found = []
    for path, module, tree in _trees(root):
        if within(module, STORE):
            continue
        found += [f"{path}:{line}: {name}: bytes are kept by {STORE}" for line, name in imported(tree)
                  if name.split(".")[-1] in {"default_storage", "storages", "FileSystemStorage"}]
        found += [f"{path}:{call.lineno}: {name}: bytes are kept by {STORE}" for call, name in _calls(tree)
                  if name in {"models.FileField", "models.ImageField"}]
    return found


def rows_opened_by_a_key(root: Path) -> list[str]:
    """In a door, a key from an address opens a row only through the person who asks: `doors.fetch`, `visible_to`, or
    a case that was fetched so, named first."""
    found = []
    for path, _, tree in _trees(root):
        if not Path(path).stem.endswith(("views", "api")):
            continue
        for call, name in _calls(tree):
            words = [word.arg for word in call.keywords]
            manager = name.endswith((".get", ".filter")) and ".objects." in name and ".visible_to(" not in name
            if name.endswith("_or_404") or manager and (name.endswith(".get") or KEYS & set(words)
                                                        and words[0] != "case"):
                found.append(f"{path}:{call.lineno}: {name}(): fetch it through the user")
    return found


def text_made_into_markup_or_code(root: Path) -> list[str]:
    """Scripts of ours put words into pages as text: `textContent`, `replaceChildren`, `template`."""
    return [f"{path.relative_to(root)}:{number}: {found[0].strip()}: words are text, and no text is run"
            for path in sorted((root / "static" / "js").glob("*.js"))
            for number, line in enumerate(path.read_text().splitlines(), 1) if (found := SINKS.search(line))]


ALL: list[Check] = [sql_by_hand, what_was_sent_passed_on_whole, commands_through_a_shell, text_run_as_code,
                    networks_beside_the_door, files_beside_the_store, rows_opened_by_a_key,
                    text_made_into_markup_or_code]
