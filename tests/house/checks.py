"""What the house's machine looks for in the source, as functions of a tree: `check(root)` → sentences, none when well.

They read text and syntax trees only, so that a test can run them over a broken copy and see each of them fail."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

Check = Callable[[Path], list[str]]
FLOORS = ("evidence", "casework", "reports")
BESIDE = ("tests", "script", "bench")
LONGEST_FILE, MEDIAN_FILE, LONGEST_FUNCTION = 300, 90, 40

# One door for each library that is dangerous, or that we may want to change: who else imports it goes through the door.
DOORS: dict[str, tuple[str, ...]] = {
    "weasyprint": ("reports.pdf",),
    "pyhanko": ("reports.pdf",),
    "pikepdf": ("reports.pdf",),
    "PIL": ("evidence.jail", "reports.desk.demo"),
    "boto3": ("evidence.store",),
    "botocore": ("evidence.store",),
    "storages": ("evidence.store",),
    "subprocess": ("evidence.backup.postgres", "evidence.jail.services", "reports.pdf.children",
                   "evidence.tlog.offline.authority"),
    "pickle": (),
    "marshal": (),
    "requests": (),
    "urllib.request": ("evidence.custody.egress",),
    "http.client": ("evidence.custody.egress",),
    "smtplib": (),
    "rfc3161_client": ("evidence.custody.tokens",),
}
# Only these may hold the function that records; others know the names of what it raises and returns.
RECORDERS = ("evidence", "casework.record")
CUSTODY_WORDS = {"LogBehind", "LogUnwritable", "Receipt"}
WIRING = {"evidence.models", "casework.models", "reports.models", "casework.settings", "casework.urls",
          "casework.wsgi"}
# SQL by hand and text that skips escaping; the one place for drawings holds constants of its own.
UNSAFE = re.compile(r"\|\s*safe\b|\bmark_safe\(|\bSafeString\(|\.extra\(|\.raw\(|\bRawSQL\b|autoescape off")
UNSAFE_ALLOWED = {"casework/templatetags/icons.py"}
BY_KEY = re.compile(r"\.objects\s*\.(?:get|filter)\(\s*(?:pk|id|ref|number)=|get_object_or_404")


def python_files(root: Path) -> Iterator[Path]:
    for floor in FLOORS:
        yield from sorted(path for path in (root / floor).rglob("*.py") if "migrations" not in path.parts)


def _beside(root: Path) -> Iterator[Path]:
    """The source that stands beside the floors: Python, and scripts without an ending."""
    for folder in BESIDE:
        yield from sorted(path for path in (root / folder).rglob("*") if path.is_file()
                          and path.suffix in ("", ".py", ".sh") and "__pycache__" not in path.parts)


def module_name(root: Path, path: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every imported module, and for `from a import b` also a.b: which of the two it is, the text does not say."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _trees(root: Path) -> Iterator[tuple[Path, str, ast.Module]]:
    for path in python_files(root):
        yield path, module_name(root, path), ast.parse(path.read_text())


def imports_inside_functions(root: Path) -> list[str]:
    """Between our own rooms: who needs one has code in the wrong room."""
    found = []
    for path, _, tree in _trees(root):
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                found += [f"{path.relative_to(root)}:{line}: imports {name} inside {function.name}()"
                          for line, name in imported(function) if name.split(".")[0] in FLOORS]
    return found


def relative_imports(root: Path) -> list[str]:
    return [f"{path.relative_to(root)}:{node.lineno}: a relative import" for path, _, tree in _trees(root)
            for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]


def sizes(root: Path) -> list[str]:
    """Files and functions stay small, and so does the file in the middle; tests and scripts are files too."""
    found, lengths = [], []
    for path in _beside(root):
        if (length := len(path.read_text().splitlines())) > LONGEST_FILE:
            found.append(f"{path.relative_to(root)}: {length} lines")
    for path, _, tree in _trees(root):
        length = len(path.read_text().splitlines())
        if path.name != "__init__.py":
            lengths.append(length)
        if length > LONGEST_FILE:
            found.append(f"{path.relative_to(root)}: {length} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                long = (node.end_lineno or 0) - node.lineno + 1
                if long > LONGEST_FUNCTION:
                    found.append(f"{path.relative_to(root)}:{node.lineno}: {node.name}() has {long} lines")
    median = sorted(lengths)[len(lengths) // 2]
    return [*found, f"the median file has {median} lines"] if median > MEDIAN_FILE else found


def captions(root: Path) -> list[str]:
    """The first line of a file says what it is."""
    return [f"{path.relative_to(root)}: no caption" for path, _, tree in _trees(root)
            if not ast.get_docstring(tree) and (path.read_text() or "management" not in path.parts)]


def library_doors(root: Path) -> list[str]:
    return [f"{path.relative_to(root)}:{line}: {name} is imported only in {', '.join(doors) or 'no room'}"
            for path, module, tree in _trees(root) for line, name in imported(tree)
            for library, doors in DOORS.items()
            if within(name, library) and not any(within(module, door) for door in doors)]


def only_record_records(root: Path) -> list[str]:
    found = []
    for path, module, tree in _trees(root):
        if any(within(module, recorder) for recorder in RECORDERS):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "evidence.custody.services":
                names = {alias.name for alias in node.names} - CUSTODY_WORDS
            elif isinstance(node, ast.ImportFrom) and node.module == "evidence.custody":
                names = {alias.name for alias in node.names} & {"services"}
            elif isinstance(node, ast.Import):
                names = {alias.name for alias in node.names if within(alias.name, "evidence.custody.services")}
            elif isinstance(node, ast.Attribute) and ast.unparse(node) == "erasure.erase":
                names = {"erasure.erase"}
            else:
                continue
            if names:
                found.append(f"{path.relative_to(root)}:{node.lineno}: {', '.join(names)}: go through casework.record")
    return found


def wiring_imported(root: Path) -> list[str]:
    """The indexes of models are for Django, settings and the site map are named by string."""
    return [f"{path.relative_to(root)}:{line}: imports {name}" for path, _, tree in _trees(root)
            for line, name in imported(tree) if name in WIRING]


def models_missing_from_the_index(root: Path) -> list[str]:
    found = []
    for floor in FLOORS:
        index = root / floor / "models.py"
        listed = {alias.name for node in ast.walk(ast.parse(index.read_text())) if isinstance(node, ast.ImportFrom)
                  for alias in node.names}
        for path in python_files(root):
            if path == index or path.relative_to(root).parts[0] != floor:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef) and node.name not in listed and any(
                        ast.unparse(base) in {"models.Model", "AbstractUser"} for base in node.bases):
                    found.append(f"{path.relative_to(root)}: {node.name} is not in {floor}/models.py")
    return found


def unsafe_text(root: Path) -> list[str]:
    files = [*python_files(root), *sorted((root / "templates").rglob("*.html"))]
    return [f"{path.relative_to(root)}:{number}: {line.strip()[:80]}" for path in files
            if str(path.relative_to(root)) not in UNSAFE_ALLOWED
            for number, line in enumerate(path.read_text().splitlines(), 1) if UNSAFE.search(line)]


def rows_fetched_past_the_user(root: Path) -> list[str]:
    """Doors fetch through the user; a key alone would open foreign rows."""
    doors = [path for path in python_files(root) if path.stem.endswith(("views", "api"))]
    return [f"{path.relative_to(root)}:{number}: fetch it through the user: {line.strip()[:80]}" for path in doors
            for number, line in enumerate(path.read_text().splitlines(), 1) if BY_KEY.search(line)]


def ignored_imports(root: Path) -> list[str]:
    return ["an import contract ignores imports"] if "ignore_imports" in (root / ".importlinter").read_text() else []


def undocumented_settings(root: Path) -> list[str]:
    """What the environment may say, a person finds in docs/operations.md."""
    said = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (root / "casework" / "settings.py").read_text())
    return _unsaid(said, _text(root / "docs" / "operations.md"), "docs/operations.md")


def undocumented_kinds(root: Path) -> list[str]:
    """Each kind of custody event and each act, with its meaning."""
    kinds = [value for file, name in (("evidence/custody/kinds.py", "Kind"), ("casework/record.py", "Act"))
             for value in _members(root / file, name)]
    docs = _text(root / "docs" / "custody-log.md") + _text(root / "docs" / "glossary.md")
    return _unsaid(kinds, docs, "docs/custody-log.md")


def _members(path: Path, name: str) -> list[str]:
    return re.findall(r'^    [A-Z_]+ = "(\w+)"', path.read_text().partition(f"class {name}(")[2], re.MULTILINE)


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _unsaid(words: list[str], text: str, where: str) -> list[str]:
    return [f"{where} does not say what {word} is" for word in words if f"`{word}`" not in text]


ALL: list[Check] = [imports_inside_functions, relative_imports, sizes, captions, library_doors,
                    only_record_records, wiring_imported, models_missing_from_the_index, unsafe_text,
                    rows_fetched_past_the_user, ignored_imports,
                    undocumented_settings, undocumented_kinds]
