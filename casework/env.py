"""Settings come from the environment through these few helpers, and a wrong one fails loudly at start.

`load_home` reads what script/server wrote into CASEWORK_HOME/environment, so that `manage.py` in a terminal
talks to the same servers as the pages do. The environment itself always wins."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def load_home(home: Path) -> None:
    """Fill unset variables from `home`/environment (lines of NAME=value)."""
    kept = home / "environment"
    if kept.exists():
        for line in kept.read_text().splitlines():
            name, separator, value = line.partition("=")
            if separator and not name.startswith("#"):
                os.environ.setdefault(name.strip(), value)


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. Start with script/server, or see docs/operations.md.")
    return value


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true"}


def words(name: str) -> list[str]:
    return os.environ.get(name, "").split()


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a libpq URL; a percent-encoded host is a socket directory."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://: Casework has one database semantics.")
    return {
        "ENGINE": "casework.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3} | dict(parse_qsl(parts.query)),
    }


def storage(name: str, url: str) -> dict[str, Any]:
    """A STORAGES entry for `file:///folder` or `s3://bucket/prefix?endpoint_url=…&region_name=…`."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": unquote(parts.path), "file_permissions_mode": 0o600,
                        "directory_permissions_mode": 0o700},
        }
    if parts.scheme == "s3":
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": parts.netloc, "location": parts.path.strip("/"), "file_overwrite": False,
                        "default_acl": None, "querystring_auth": True, **dict(parse_qsl(parts.query))},
        }
    raise ImproperlyConfigured(f"{name} must begin with file:// or s3://, not {parts.scheme!r}.")
