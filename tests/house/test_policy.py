"""What the settings promise a browser: Django's own deployment checks are silent, and ours see each thing undone."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import registry

from casework import checks, doctor, origins

ROOT = Path(__file__).resolve().parents[2]
UNDONE: dict[str, dict[str, Any]] = {
    "casework.E001": {"DEBUG": True},
    "casework.E002": {"REST_FRAMEWORK": {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"]}},
    "casework.E003": {"REST_FRAMEWORK": {"DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer", "rest_framework.renderers.BrowsableAPIRenderer"]}},
    "casework.E004": {"FILE_UPLOAD_PERMISSIONS": 0o644},
    "casework.E005": {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.PBKDF2PasswordHasher", checks.ARGON2]},
    "casework.E006": {"HTTPS": True, "SESSION_COOKIE_NAME": "sessionid"},
    "casework.E007": {"SESSION_COOKIE_HTTPONLY": False},
    "casework.E008": {"BASE_URL": "https://casework.example", "CONTENT_URL": "https://casework.example:443"},
    "casework.E009": {"HTTPS": True, "BASE_URL": "https://casework.example", "CONTENT_URL": "http://bytes.invalid",
                      "SESSION_COOKIE_NAME": "__Host-sessionid", "CSRF_COOKIE_NAME": "__Host-csrftoken",
                      "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True},
    "casework.W001": {"BASE_URL": "https://casework.example.org", "CONTENT_URL": "https://bytes.example.org"},
}


def deployed(folder: Path, url: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    (folder / "incoming").mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"], "BASE_URL": url,
        "SECRET_KEY": "an invented key with more than fifty signs in it, 0123456789",
        "DATABASE_URL": "postgresql://nobody/nothing", "STORAGE_URL": f"file://{folder}/store", "BROKER_URL": "memory://",
        "ARCHIVE_URL": f"file://{folder}/archive", "CASEWORK_HOME": str(folder)} | more
    return subprocess.run([sys.executable, str(ROOT / "manage.py"), *words], capture_output=True, text=True,
                          env=environment)


def test_django_finds_nothing_in_a_deployment_with_https(tmp_path: Path) -> None:
    done = deployed(tmp_path, "https://casework.example.org", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr


def test_with_https_both_cookies_belong_to_this_host_alone(tmp_path: Path) -> None:
    told = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    for url, names in (("https://casework.example.org", "__Host-sessionid __Host-csrftoken"),
                       ("http://localhost:8000", "sessionid csrftoken")):
        assert deployed(tmp_path, url, "shell", "--no-imports", "-c", told).stdout.strip() == names


def test_our_own_checks_run_with_djangos() -> None:
    assert checks.policy in list[Any](registry.registry.get_checks())


@pytest.mark.parametrize("number", UNDONE)
def test_what_is_undone_has_its_number_and_the_doctor_says_it(settings: Any, number: str) -> None:
    settings.PASSWORD_HASHERS = [checks.ARGON2]
    assert checks.policy() == []
    for name, value in UNDONE[number].items():
        setattr(settings, name, settings.REST_FRAMEWORK | value if name == "REST_FRAMEWORK" else value)
    found = checks.policy()
    assert [one.id for one in found] == [number]
    bad = number.startswith("casework.E")
    assert (bad, str(found[0].msg)) in [(trouble.bad, trouble.what) for trouble in doctor.web()]


@pytest.mark.parametrize(("pages", "content", "kin"), [
    ("localhost", "127.0.0.1", False), ("127.0.0.1", "127.0.0.2", False), ("localhost", "bytes.localhost", True),
    ("a.example.org", "b.example.org", True), ("example.org", "bytes.example.org", True), ("::1", "::2", False),
    ("bytes.example.org", "example.org", True), ("a.example.org", "a.example.net", False), ("one", "one", True),
    ("badexample.org", "example.org", False)])
def test_hosts_that_can_share_cookies_are_kin(pages: str, content: str, kin: bool) -> None:
    assert origins.are_kin(pages, content) is kin


@pytest.mark.parametrize(("url", "named"), [
    ("https://bytes.invalid/x", "end with its host"), ("https://bytes.invalid?x", "end with its host"),
    ("ftp://bytes.invalid", "must hold http"), ("bytes.invalid", "must hold http"),
    ("https://u:p@bytes.invalid", "must hold http"), ("https://bytes.invalid:x", "must hold http")])
def test_a_content_origin_that_is_none_stops_the_start_with_its_name(tmp_path: Path, url: str, named: str) -> None:
    done = deployed(tmp_path, "https://casework.example.org", "check", CONTENT_URL=url)
    assert done.returncode == 1 and "CONTENT_URL" in done.stderr and named in done.stderr


def test_pages_may_show_pictures_and_films_of_the_content_origin_and_nothing_else_of_it(tmp_path: Path) -> None:
    told = "from django.conf import settings as s; print(s.CONTENT_SECURITY_POLICY['DIRECTIVES'])"
    done = deployed(tmp_path, "https://casework.example.org", "shell", "--no-imports", "-c", told,
                    CONTENT_URL="https://bytes.invalid/")
    policy = ast.literal_eval(done.stdout)
    assert {name for name, places in policy.items() if "https://bytes.invalid" in places} == {"img-src", "media-src"}
    checked = deployed(tmp_path, "https://casework.example.org", "check", "--deploy", "--fail-level", "WARNING",
                       CONTENT_URL="https://bytes.invalid/")
    assert checked.returncode == 0, checked.stderr


def test_nothing_of_the_api_opens_to_everybody_where_nothing_is_said(settings: Any) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_PERMISSION_CLASSES": []}
    assert "casework.E002" in [one.id for one in checks.policy()]
