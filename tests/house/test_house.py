"""The house stands as DESIGN has it: floors, rooms, doors, sizes, keys, indexes, migrations."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from tests.house import checks, order

ROOT = Path(__file__).resolve().parents[2]


def test_the_import_contracts_hold() -> None:
    done = subprocess.run([sys.executable, "-m", "importlinter.cli", "lint-imports"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("check", checks.ALL, ids=lambda check: check.__name__)
def test_the_source_keeps_the_rules(check: Callable[[Path], list[str]]) -> None:
    found = check(ROOT)
    assert not found, "\n".join(found)


def test_no_foreign_key_points_to_a_room_above() -> None:
    own = [model for floor in checks.FLOORS for model in apps.get_app_config(floor).get_models(include_auto_created=False)]
    keys = [(model.__module__, field.related_model.__module__) for model in own
            for field in model._meta.get_fields() if isinstance(field, models.ForeignKey | models.ManyToManyField)
            and isinstance(field.related_model, type) and field.related_model in own]
    assert keys
    assert not order.upward_keys(keys, order.heights())


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=3)


@pytest.mark.django_db
def test_the_api_describes_itself_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))
