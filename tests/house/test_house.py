"""The house stands as DESIGN has it: floors, rooms, doors, sizes, keys, indexes, migrations."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models

from tests.house import checks, dangers, order

ROOT = Path(__file__).resolve().parents[2]


def test_the_import_contracts_hold() -> None:
    done = subprocess.run([str(Path(sys.executable).parent / "lint-imports")], cwd=ROOT, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("check", [*checks.ALL, *dangers.ALL], ids=lambda check: check.__name__)
def test_the_source_keeps_the_rules(check: checks.Check) -> None:
    found = check(ROOT)
    assert not found, "\n".join(found)


def test_no_foreign_key_points_to_a_room_above() -> None:
    own = [model for floor in checks.FLOORS for model in apps.get_app_config(floor).get_models()]
    keys = {(model.__module__, field.related_model.__module__) for model in own
            for field in model._meta.get_fields() if isinstance(field, models.ForeignKey | models.ManyToManyField)
            and field.related_model in own}
    # Two people approve, and doors, through which people come in, know what approvals refuse: this hall lies below
    # them and reaches up by Django's own arrow, AUTH_USER_MODEL.
    to_people = {("casework.approvals", get_user_model().__module__)}
    assert to_people < keys, "an arrow that is not there needs no leave"
    assert not order.upward_keys(keys - to_people, order.heights())


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=3)


@pytest.mark.django_db
def test_the_api_describes_itself_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_nobody_imports_the_conftest() -> None:
    """pytest loads it under another name: a second loading starts a second server, and the environment names that."""
    found = [str(path) for path in (ROOT / "tests").rglob("*.py")
             if re.search(r"^\s*(from|import) (tests\.)?conftest\b", path.read_text(), re.MULTILINE)]
    assert not found
