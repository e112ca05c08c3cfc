"""Each contract of the house is seen to fail: in a copy of the source, something is broken on purpose."""

import configparser
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.house import checks, dangers, order

ROOT = Path(__file__).resolve().parents[2]
NEW_ROOM = '"""A room that nobody placed."""\n'

# The contract → the file in which it is broken, and the line that breaks it.
IMPORTS: dict[str, tuple[str, str]] = {
    "floors": ("evidence/wake.py", "from casework import access"),
    "evidence": ("evidence/attic/__init__.py", NEW_ROOM),
    "casework": ("casework/people/services.py", "from casework.cases import services as above"),
    "reports": ("reports/attic/__init__.py", NEW_ROOM),
    "inside": ("casework/people/services.py", "from casework.people import views"),
    "acyclic": ("evidence/tlog/note.py", "from evidence.tlog import checkpoint"),
    "pure": ("evidence/tlog/canonical.py", "import django"),
    "standalone": ("evidence/tlog/canonical.py", "import cryptography"),
    "offline": ("evidence/tlog/offline/plain.py", "from evidence.tlog import note"),
    "exports": ("evidence/jail/exports/times.py", "import subprocess"),
    "blobs": ("casework/takedowns/states.py", "from evidence.intake.models import Item"),
    "store": ("casework/takedowns/states.py", "from evidence.store import services"),
    "store-errors": ("casework/problems.py", "from evidence.store import services"),
}

SOURCE: dict[str, tuple[str, str]] = {
    "imports_inside_functions": ("casework/access.py", "def late():\n    from casework import record"),
    "relative_imports": ("casework/access.py", "from . import record"),
    "sizes": ("casework/access.py", "\n" * 300),
    "captions": ("casework/people/nameless.py", "x = 1"),
    "library_doors": ("casework/people/views.py", "import weasyprint"),
    "only_record_records": ("casework/people/views.py", "from evidence.custody.services import record"),
    "wiring_imported": ("casework/people/views.py", "from casework.models import User"),
    "models_missing_from_the_index": ("casework/people/models.py", "class Stray(models.Model):\n    pass"),
    "unsafe_text": ("templates/base.html", "{{ text|safe }}"),
    "rows_fetched_past_the_user": ("casework/people/views.py", "row = User.objects.get(pk=1)"),
    "ignored_imports": (".importlinter", "ignore_imports ="),
    "undocumented_settings": ("casework/settings.py", 'SECRET_OF_OURS = env.text("SECRET_OF_OURS", "")'),
    "undocumented_kinds": ("evidence/custody/kinds.py", '    TELEPORTATION = "teleportation"'),
    "sql_by_hand": ("casework/people/views.py", "rows = User.objects. raw ('SELECT 1')"),
    "what_was_sent_passed_on_whole": ("casework/people/views.py", "services.invite(**request.POST.dict(), by=None)"),
    "commands_through_a_shell": ("script/x.py", "import subprocess\nsubprocess.run('ls *', shell=True)"),
    "text_run_as_code": ("bench/x.py", "import yaml\nyaml.load('a: 1', Loader=yaml.Loader)"),
    "networks_beside_the_door": ("casework/people/services.py", "import httpx"),
    "files_beside_the_store": ("casework/people/models.py", "from django.core.files.storage import default_storage"),
    "text_made_into_markup_or_code": ("static/js/x.js", "list.innerHTML = name;"),
    "rows_opened_by_a_key": ("casework/people/views.py", "row = User.objects.select_related('x').get(email='x')"),
}
# What a check must see besides, and what it must let pass.
DANGEROUS: dict[str, tuple[str, ...]] = {
    "sql_by_hand": ("case.exhibits.extra(where=['1=1'])", "qs.annotate(x=RawSQL('1', []))"),
    "what_was_sent_passed_on_whole": ("act(**request.data)", "words = {**self.request.query_params, 'by': 1}",
                                      "act(**dict(request.POST.items()))", "act(**request)"),
    "commands_through_a_shell": ("os.system('ls')", "subprocess.Popen(words, shell=asked)", "os.popen('ls')"),
    "text_run_as_code": ("eval('1')", "exec(text)", "import pickle", "from marshal import loads", "import shelve",
                         "yaml.unsafe_load(text)", "__import__(name)"),
    "networks_beside_the_door": ("import requests", "from urllib import request", "import http.client",
                                 "import smtplib", "from urllib3 import PoolManager"),
    "text_made_into_markup_or_code": ("row.outerHTML += x", "p.insertAdjacentHTML('beforeend', x)", "new Function(x)",
                                      "setTimeout('go()', 1)", "a.href = 'javascript:' + x",
                                      "b.setAttribute('onclick', x)"),
    "files_beside_the_store": ("from django.core.files import storage\nfrom django.core.files.storage import storages",
                               "kept = models.FileField()"),
    "rows_opened_by_a_key": ("Case.objects.filter(state='open', pk=1)", "get_object_or_404(Case, ref=ref)",
                             "Case.objects.get(\n    state='open',\n    ref=ref)", "get_list_or_404(Case)"),
}
HARMLESS: dict[str, tuple[str, ...]] = {
    "what_was_sent_passed_on_whole": ("act(**read(Shape, request), by=request.user)", "act(**form.cleaned_data)"),
    "commands_through_a_shell": ("subprocess.run(['ls'], shell=False)",),
    "text_made_into_markup_or_code": ("row.textContent = name;", "setTimeout(go, 1)",
                                      "b.setAttribute('aria-label', x)"),
    "text_run_as_code": ("yaml.safe_load(text)", "pattern = re.compile('x')"),
    "rows_opened_by_a_key": ("fetch(Case.objects, request.user, ref=ref)",
                             "Exhibit.objects.filter(case=case, number=number)",
                             "Case.objects.visible_to(user).filter(ref=ref)", "User.objects.filter(email=email)"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("house")
    for folder in (*checks.FLOORS, "templates", "docs"):
        shutil.copytree(ROOT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", target)
    return target


@contextmanager
def broken(tree: Path, file: str, line: str) -> Iterator[None]:
    path = tree / file
    before = path.read_text() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before}\n{line}\n" if before is not None else line)
    yield
    if before is None:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    else:
        path.write_text(before)


def lint_imports(tree: Path) -> tuple[bool, str]:
    done = subprocess.run([str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=tree,
                          capture_output=True, text=True)
    return done.returncode == 0, done.stdout + done.stderr


def test_every_contract_and_every_check_is_broken_here_once() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    named = {section.rpartition(":")[2] for section in contracts.sections() if ":contract:" in section}
    assert set(IMPORTS) == named
    assert set(SOURCE) == {check.__name__ for check in [*checks.ALL, *dangers.ALL]}


@pytest.mark.parametrize("contract", IMPORTS)
def test_an_import_contract_fails_when_it_is_broken(copy: Path, contract: str) -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    name = contracts[f"importlinter:contract:{contract}"]["name"]
    with broken(copy, *IMPORTS[contract]):
        held, said = lint_imports(copy)
    assert not held
    assert f"{name} BROKEN" in " ".join(said.split()), said


@pytest.mark.parametrize("check", [*checks.ALL, *dangers.ALL], ids=lambda check: check.__name__)
def test_a_check_of_the_source_fails_when_it_is_broken(copy: Path, check: checks.Check) -> None:
    before = check(copy)
    with broken(copy, *SOURCE[check.__name__]):
        after = check(copy)
    assert len(after) > len(before)


@pytest.mark.parametrize("check", dangers.ALL, ids=lambda check: check.__name__)
def test_a_danger_is_seen_in_each_of_its_shapes_and_nothing_else_is(tmp_path: Path, check: checks.Check) -> None:
    for text in (*DANGEROUS[check.__name__], *HARMLESS.get(check.__name__, ())):
        with broken(tmp_path, SOURCE[check.__name__][0], text):
            assert bool(check(tmp_path)) == (text in DANGEROUS[check.__name__]), text


@pytest.mark.parametrize("file", ["tests/casework/test_long.py", "script/long", "bench/long.py"])
def test_a_long_file_is_seen_beside_the_floors_too(copy: Path, file: str) -> None:
    before = checks.sizes(copy)
    with broken(copy, file, '"""Long."""' + "\n" * 301):
        assert checks.sizes(copy) == [f"{file}: 301 lines", *before]


def test_a_key_that_points_upward_is_seen() -> None:
    placed = order.heights()
    assert order.upward_keys([("casework.cases.models", "casework.findings.models")], placed)
    assert order.upward_keys([("evidence.intake.models", "casework.cases.models")], placed)
    assert order.upward_keys([("casework.record", "casework.people.models")], placed)
    assert not order.upward_keys([("casework.findings.models", "casework.cases.models")], placed)


def makemigrations(tree: Path) -> tuple[int, str]:
    """As test_no_migration_is_missing asks, of the source in `tree`, by a process that has never seen ours."""
    done = subprocess.run([sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"], cwd=tree,
                          env=os.environ | {"PYTHONPATH": str(tree), "DJANGO_SETTINGS_MODULE": "casework.settings"},
                          capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_missing_migration_is_seen(copy: Path) -> None:
    assert makemigrations(copy)[0] == 0
    with broken(copy, "casework/cases/models.py", 'Case.add_to_class("stray", models.TextField(default=""))'):
        ended, said = makemigrations(copy)
    assert ended == 1 and "Add field stray to case" in said, said


@pytest.mark.parametrize("line", ["from django.utils.translation import gettext as _\n_(f'{1}')",
                                  "import datetime\ndatetime.datetime.now()", "print('left behind')",
                                  "try:\n    pass\nexcept Exception:\n    pass"])
def test_the_style_check_sees_what_we_fear(line: str) -> None:
    """No f-string in a translation, no naive time, no print, no blind except."""
    done = subprocess.run([str(Path(sys.executable).parent / "ruff"), "check", "--quiet", "--stdin-filename",
                           "casework/x.py", "-"], input=line + "\n", text=True, cwd=ROOT, capture_output=True)
    assert done.returncode == 1
