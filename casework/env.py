"""Settings come from the environment through these few helpers, and a wrong one fails loudly at start.

`load_home` reads what script/server wrote into CASEWORK_HOME/environment, so that `manage.py` in a terminal
talks to the same servers as the pages do. The environment itself always wins."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from evidence.tlog.policy import Policy, PolicyError, parse

LONGEST_NAME = 255


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


def number(name: str, default: int) -> int:
    """A whole number, 1 or more."""
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise ImproperlyConfigured(f"{name} must be a whole number above 0, not {value!r}.")
    return int(value)


def choice(name: str, *known: str) -> str:
    """One of `known`, or empty."""
    value = os.environ.get(name, "")
    if value not in {"", *known}:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(known)}, not {value!r}.")
    return value


def some_of(name: str, known: Collection[str], default: str) -> list[str]:
    """Some words out of `known`, separated by spaces; none of them is said by the one word `nobody`."""
    found = (os.environ.get(name, "").split() or default.split())
    if found == ["nobody"]:
        return []
    if strange := set(found) - set(known):
        raise ImproperlyConfigured(f"{name} may name {', '.join(known)}, or be nobody; not {', '.join(strange)}.")
    return found


def addresses(name: str) -> list[str]:
    """http and https addresses, separated by spaces, each of another host."""
    found, hosts = words(name), []
    for url in found:
        hosts.append(_web_host(name, url))
    if len(set(hosts)) < len(hosts):
        raise ImproperlyConfigured(f"{name} names a host twice: each is known by its host.")
    return found


def mailboxes(name: str) -> list[str]:
    found = words(name)
    for address in found:
        try:
            validate_email(address)
        except ValidationError:
            raise ImproperlyConfigured(f"{name} must hold mail addresses, not {address!r}.") from None
    return found


def policy(name: str) -> Policy | None:
    """The C2SP tlog-policy in the file that `name` names; None without one."""
    path = os.environ.get(name, "")
    if not path:
        return None
    try:
        found = parse(Path(path).read_bytes())
    except (OSError, PolicyError) as error:
        raise ImproperlyConfigured(f"{name}: {path}: {error}") from None
    for witness in found.witnesses:
        if witness.url:
            _web_host(name, witness.url)
        if len(witness.key.name) > LONGEST_NAME:
            raise ImproperlyConfigured(f"{name}: {path}: the name of a witness's key is too long.")
    return found


def _web_host(name: str, url: str) -> str:
    """The host of an http or https address; ImproperlyConfigured for anything else."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or not url.isascii():
        raise ImproperlyConfigured(f"{name} must hold http:// or https:// addresses, not {url!r}.")
    return host


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
