"""docs/security-tests.md and the tests keep step: every input once, every named test there, every gap with a reason."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security-tests.md").read_text()
# The inputs of the catalogue, by their letters: how many there are of each.
CATALOGUE = {"U": 16, "N": 11, "C": 26, "Z": 12, "P": 42, "A": 18}
IDS = [f"{letter}{number:02}" for letter, count in CATALOGUE.items() for number in range(1, count + 1)]
ROWS = [[cell.strip() for cell in row] for row in
        re.findall(r"^\| ([A-Z]\d\d) \|([^|]*)\|([^|]*)\|([^|]*)\|$", PAGE, re.MULTILINE)]
GAPS = ("falls short", "not there", "does not apply")
NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")


def gap(shown: str) -> str:
    return next((kind for kind in GAPS if shown.startswith(f"**{kind}**: ")), "")


def defined_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_input_of_the_catalogue_has_one_row() -> None:
    assert [row[0] for row in ROWS] == IDS
    assert len(re.findall(r"^\| [A-Z]\d", PAGE, re.MULTILINE)) == len(IDS), "a row that is not read"


@pytest.mark.parametrize(("name", "sent", "promised", "shown"), ROWS, ids=[row[0] for row in ROWS])
def test_every_row_names_a_test_that_is_there_or_a_reason(name: str, sent: str, promised: str, shown: str) -> None:
    assert sent and promised
    named = NAMED.findall(shown)
    assert shown.count("`tests/") == len(named), f"{name} names a test in another way"
    for path, test in named:
        assert test in defined_in(path), f"{name} names {path}::{test}"
    reason = NAMED.sub("", shown).partition("**: ")[2]
    assert named or gap(shown), f"{name} has neither a test nor a reason"
    assert not gap(shown) or len(reason) > 20, f"{name} gives no reason"
    assert bool(named) or gap(shown) != "falls short", f"{name} shows nothing of what it does"


def test_the_page_counts_what_it_has() -> None:
    counted = Counter(gap(row[3]) for row in ROWS)
    said = re.search(r"^(\d+) rows with a test, (\d+) that fall short, (\d+) that are not there, "
                     r"(\d+) that do not apply: (\d+) in all\.$", PAGE, re.MULTILINE)
    assert said, "docs/security-tests.md ends with the count"
    assert [int(number) for number in said.groups()] == [*(counted[kind] for kind in ("", *GAPS)), len(ROWS)]
