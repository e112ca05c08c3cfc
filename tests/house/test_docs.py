"""What the documents for people who run it name is there: files, places in them, settings, commands, checks, tables."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
CHECKED = ["README.md", "SECURITY.md", "docs/operations.md", "docs/threat-model.md", "docs/hardening.md",
           "docs/data-protection.md"]
ABOUT_SECURITY = CHECKED[3:]
# Of boto3.
OTHERS = {"AWS_ACCESS_KEY_ID"}


def text(name: str) -> str:
    return (ROOT / name).read_text()


def quoted(name: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text(name))


def places(page: str) -> set[str]:
    """The anchors of a page's headings, as the repository's site makes them."""
    heads = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", CHECKED)
def test_every_link_leads_somewhere(name: str) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text(name)):
        path, _, place = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), f"{name} names {target}"
        assert not place or place in places(file.read_text()), f"{name} names {target}"


@pytest.mark.parametrize("name", CHECKED)
def test_every_setting_is_one(name: str) -> None:
    known = set(re.findall(r'"([A-Z][A-Z_]+)"', text("casework/settings.py") + text("script/stack/environment.py")))
    for said in quoted(name):
        for word in re.findall(r"\b[A-Z]+_[A-Z_]*[A-Z]\b", said):
            assert word.removesuffix("_FILE") in known | OTHERS, f"{name} names the setting {word}"


@pytest.mark.parametrize("name", CHECKED)
def test_every_command_and_script_is_there(name: str) -> None:
    for command in re.findall(r"manage\.py ([a-z_]+)", text(name)):
        assert command in get_commands(), f"{name} names manage.py {command}"
    for script in re.findall(r"script/([a-z]+)", text(name)):
        assert (ROOT / "script" / script).exists(), f"{name} names script/{script}"


def test_every_check_has_its_line_and_every_line_its_check() -> None:
    numbered = re.compile(r"\b(?:casework|evidence)\.[EW]\d{3}\b")
    made = set(numbered.findall(text("casework/checks.py") + text("evidence/checks.py")))
    assert set(numbered.findall(text("docs/hardening.md"))) == made


@pytest.mark.parametrize("name", ABOUT_SECURITY)
def test_every_table_of_the_database_is_one(name: str) -> None:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {"casework_cache"}
    for said in quoted(name):
        for word in re.findall(r"^(?:casework|evidence|reports|django)_[a-z_]+$", said):
            assert word in tables, f"{name} names the table {word}"


def test_the_threat_model_says_of_each_part_what_its_loss_achieves() -> None:
    table = text("docs/threat-model.md").partition("## What a compromise")[2]
    rows = [row.strip("|").split("|") for row in table.splitlines() if row.startswith("| **")]
    assert len(rows) >= 11
    for row in rows:
        assert len(row) == 6 and all(cell.strip() for cell in row), f"{row[0]} leaves something open"
    said = " ".join(row[0] for row in rows)
    for part in ("web process", "worker", "parser child", "database role", "superuser", "object store", "keys",
                 "witness", "backup host", "administrator", "laptop", "root"):
        assert part in said
