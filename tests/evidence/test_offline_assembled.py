"""The two files that leave the house: one piece each, nothing but what they hold, and the words that they need."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from evidence.custody.kinds import Kind
from evidence.tlog.offline import assemble
from evidence.tlog.offline.events import KINDS
from evidence.tlog.offline.fault_texts import FAULT_TEXTS
from evidence.tlog.offline.texts import LANGUAGES, TEXTS, say

ROOT = Path(__file__).resolve().parents[2]
OFFLINE = ROOT / "evidence" / "tlog" / "offline"
PARTS = [OFFLINE / f"{part}.py" for part in assemble.PARTS]
PAGE = sorted((OFFLINE / "page").iterdir())
CODE = re.compile(r"""["'`]([a-z]+[.][a-z]+)["'`]""")
PLACEHOLDER = re.compile(r"\{\w+\}")


def interpreters() -> list[str]:
    """This one, and whatever other Python from 3.9 on is installed."""
    found = {sys.executable}
    for path in [*Path("/usr/bin").glob("python3*"), *Path.home().glob(".pyenv/versions/3.*/bin/python")]:
        done = subprocess.run([path, "-c", "import sys; print(sys.version_info >= (3, 9))"], capture_output=True,
                              text=True)
        if done.stdout.strip() == "True":
            found.add(str(path))
    return sorted(found)


@pytest.mark.parametrize("python", interpreters())
def test_the_program_runs_alone_in_an_empty_folder(python: str, tmp_path: Path) -> None:
    """Without the site's packages, without the environment, without anything beside it."""
    (tmp_path / "verify.py").write_bytes(assemble.verify_py())
    done = subprocess.run([python, "-I", "-S", "verify.py", "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--receipt" in done.stdout


def test_it_is_written_for_python_3_9() -> None:
    ast.parse(assemble.verify_py(), feature_version=(3, 9))


def test_the_same_parts_give_the_same_bytes() -> None:
    again = subprocess.run(
        [sys.executable, "-c", "from evidence.tlog.offline import assemble as a; print(a.digest(a.verify_py()), "
                               "a.digest(a.verify_html()))"],
        cwd=ROOT, env={"PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True).stdout.split()
    assert again == [assemble.digest(assemble.verify_py()), assemble.digest(assemble.verify_html())]


def test_every_part_is_in_the_file_and_none_is_forgotten() -> None:
    there = {path.stem for path in OFFLINE.glob("*.py")} - {"__init__", "assemble"}
    assert there == set(assemble.PARTS)
    assert {path.stem for path in PAGE if path.suffix == ".js"} == set(assemble.SCRIPTS)
    assert {path.stem for path in PAGE if path.suffix == ".css"} == set(assemble.STYLES)


@pytest.mark.parametrize("part", PARTS, ids=lambda path: path.stem)
def test_a_part_imports_the_standard_library_and_earlier_parts_alone(part: Path) -> None:
    """A second implementation: where it leant on the first, the two would err together."""
    before = assemble.PARTS[:assemble.PARTS.index(part.stem)]
    for node in ast.walk(ast.parse(part.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        for name in names:
            inside = name.removeprefix(assemble.PREFIX)
            assert inside in before if inside != name else name.split(".")[0] in sys.stdlib_module_names, name


def test_two_parts_with_one_name_do_not_fit_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("plain", "trees"):
        (tmp_path / f"{name}.py").write_text('"""A part."""\n\n\ndef the_same() -> None:\n    pass\n')
    monkeypatch.setattr(assemble, "FOLDER", tmp_path)
    monkeypatch.setattr(assemble, "PARTS", ("plain", "trees"))
    with pytest.raises(ValueError, match="trees.py defines the_same"):
        assemble.verify_py.__wrapped__()


@pytest.mark.parametrize("path", PAGE, ids=lambda path: path.name)
def test_a_part_of_the_page_is_small_and_has_its_caption(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert len(lines) <= 300
    assert lines[0].startswith(("/*", "<!doctype html>"))


def test_the_page_can_reach_nothing_and_runs_nothing_but_its_own_script() -> None:
    page = assemble.verify_html().decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1] and "connect-src" not in policy[1]
    assert "crypto.subtle" not in page
    for word in ("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "EventSource", "importScripts", "localStorage",
                 "indexedDB", "document.cookie", "eval(", "innerHTML", " style=", "<link", "<img", "src="):
        assert word not in page, word
    # The one address in it is a name: that of SVG elements.
    assert set(re.findall(r"https?://[^'\"\s]+", page)) == {"http://www.w3.org/2000/svg"}


def test_every_fault_has_its_words_in_both_languages_and_its_line_in_the_specification() -> None:
    """What the two programs can say is what docs/bag.md lists and nothing else."""
    in_python = codes(path.read_text() for path in PARTS if path.stem not in ("fault_texts", "texts"))
    in_page = codes(path.read_text() for path in PAGE if path.suffix == ".js" and path.stem not in ("words", "page"))
    faults = (ROOT / "docs" / "bag.md").read_text().partition("## Faults")[2]
    documented = set(re.findall(r"^\| `([a-z]+[.][a-z]+)` \|", faults, re.M))
    assert documented == set(FAULT_TEXTS)
    assert in_python & set(FAULT_TEXTS) | made_up("held", "receipt", "seal", "checkpoint") >= set(FAULT_TEXTS)
    assert in_page | made_up("held", "receipt", "seal", "checkpoint") >= set(FAULT_TEXTS) - {"timestamp.authority",
                                                                                          "layout.link"}


def codes(sources: object) -> set[str]:
    return {code for source in sources for code in CODE.findall(source)}  # type: ignore[attr-defined]


def made_up(*places: str) -> set[str]:
    """Codes that are put together from the place and one of these."""
    return {f"{place}.{what}" for place in places for what in ("signature", "key", "origin", "root")}


@pytest.mark.parametrize("code", [*TEXTS, *FAULT_TEXTS])
def test_both_languages_say_the_same_things(code: str) -> None:
    english, urdu = TEXTS.get(code) or FAULT_TEXTS[code]
    assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(urdu))
    assert re.search("[\u0600-\u06ff]", urdu), "not in Urdu"
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", english + urdu), "marks of direction are set when it is said"
    facts = {name.strip("{}"): "x" for name in PLACEHOLDER.findall(english)}
    for language in LANGUAGES:
        assert "{" not in say(code, language, **facts)


def test_the_page_has_its_own_words_in_both_languages() -> None:
    script = (OFFLINE / "page" / "words.js").read_text()
    entries = re.findall(r"^  '?([a-z-]+)'?: \[(.*?)\],$", script, re.M | re.S)
    assert len(entries) > 40
    for name, pair in entries:
        texts = ["".join(re.findall(r"'([^']*)'", part)) for part in re.split(r",\s*\n?\s*(?='[^']*[\u0600-\u06ff])",
                                                                              pair, maxsplit=1)]
        assert len(texts) == 2, name
        assert sorted(PLACEHOLDER.findall(texts[0])) == sorted(PLACEHOLDER.findall(texts[1])), name
    said = re.findall(r'data-say="([^"]+)"', (OFFLINE / "page" / "page.html").read_text())
    assert set(said) <= {name for name, _ in entries}


def test_both_know_the_kinds_of_events_that_the_log_has() -> None:
    """A new kind must be said in events.py and in page/events.js, or no bag with such an event verifies."""
    assert list(KINDS) == [str(kind) for kind in Kind]
    listed = re.search(r"const KINDS = \[(.*?)\];", (OFFLINE / "page" / "events.js").read_text(), re.S)
    assert listed and json.loads(f"[{listed[1]}]".replace("'", '"')) == list(KINDS)
