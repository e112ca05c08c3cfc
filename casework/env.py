"""Settings come from the environment through these few helpers, and a wrong one fails loudly at start.

`load_home` reads what script/server wrote into CASEWORK_HOME/environment, so that `manage.py` in a terminal
talks to the same servers as the pages do. The environment itself always wins."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from evidence.tlog.policy import Policy, PolicyError, parse

LONGEST_NAME = 255
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# By boto3, and by the commands that need the tables' owner.
READ_BY_OTHERS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "DATABASE_OWNER_URL")
_secrets: set[str] = set()
_files: list[Path] = []


@dataclass(frozen=True)
class Provider:
    """An OpenID provider that signs people in. `origins`: what it may be asked at. `factors`: what it says (`amr`, or
    its `acr`) of a sign-in that counts as one with a second factor. `only`: nobody signs in otherwise."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    origins: tuple[str, ...]
    factors: tuple[str, ...]
    only: bool


def load_home(home: Path) -> None:
    """Fill unset variables from `home`/environment (lines of NAME=value)."""
    kept = home / "environment"
    if kept.exists():
        for line in kept.read_text().splitlines():
            name, separator, value = line.partition("=")
            name = name.strip()
            if separator and not name.startswith("#") and f"{name}_FILE" not in os.environ:
                os.environ.setdefault(name, value)


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} is not set. Start with script/server, or see docs/operations.md.")
    return value


def secret(name: str, default: str | None = None) -> str:
    """Like `text`, or what stands in the file that NAME_FILE names. Kept out of every log: see `secrets`."""
    value = _from_file(name) if f"{name}_FILE" in os.environ else text(name, default)
    _secrets.update({value, *_parts_to_hide(name, value)})
    return value


def secrets() -> set[str]:
    """What no log may hold: the values of `secret` read so far, the passwords and keys in those that are addresses, and
    what others read from the environment."""
    others = {name: os.environ[name] for name in READ_BY_OTHERS if name in os.environ}
    return _secrets.union(others.values(), *(_parts_to_hide(*other) for other in others.items()))


def secret_files() -> list[Path]:
    """The files that secrets were read from."""
    return list(_files)


def _from_file(name: str) -> str:
    if name in os.environ:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set: give one of them.")
    path = os.environ[f"{name}_FILE"]
    try:
        _files.append(Path(path))
        value = Path(path).read_text().removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ImproperlyConfigured(f"{name}_FILE: {path} cannot be read: {reason}.") from None
    if not value or "\n" in value:
        raise ImproperlyConfigured(f"{name}_FILE: {path} must hold one line.")
    return value


def _parts_to_hide(name: str, value: str) -> set[str]:
    """What is secret in an address: its password, as written and as meant, and the values that it ends with."""
    if "://" not in value:
        return set()
    found = parts(name, value)
    hidden = {part for key, part in parse_qsl(found.query) if "key" in key or "password" in key or "token" in key}
    return hidden | ({found.password, unquote(found.password)} if found.password else set())


def parts(name: str, url: str) -> SplitResult:
    """The parts of an address; ImproperlyConfigured, which does not repeat it, where it has none."""
    try:
        found = urlsplit(url)
        _port = found.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} is no address: write what is special in its password as %XX.") from None
    return found


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


def local_daemon(name: str) -> str | tuple[str, int] | None:
    """A program of this machine: the path of its Unix socket, or a loopback address and its port; None without one.

    Evidence is sent there in the clear, so no other machine is one."""
    value = os.environ.get(name, "")
    if not value:
        return None
    found = parts(name, value)
    if found.scheme == "unix" and not found.netloc and found.path.startswith("/"):
        return unquote(found.path)
    host = "127.0.0.1" if found.hostname == "localhost" else found.hostname or ""
    if found.scheme == "tcp" and found.port and found.username is None and _is_loopback(host):
        return host, found.port
    raise ImproperlyConfigured(f"{name} must be unix:///path/of/socket or tcp://127.0.0.1:port, not {value!r}: "
                               "evidence is sent there unencrypted, so it must be a program of this machine.")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(name: str) -> str:
    """One http or https address without anything behind its host and port, or empty."""
    url = os.environ.get(name, "").rstrip("/")
    if url and (_web_host(name, url), urlsplit(url)._replace(scheme="", netloc="").geturl())[1]:
        raise ImproperlyConfigured(f"{name} must end with its host or port, not {url!r}.")
    return url


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


def provider(client_secret: str = "") -> Provider | None:
    """What the variables that begin with OIDC_ say; None without OIDC_ISSUER."""
    only, issuer = flag("OIDC_ONLY"), os.environ.get("OIDC_ISSUER", "")
    if not issuer:
        if only:
            raise ImproperlyConfigured("OIDC_ONLY without OIDC_ISSUER would leave no way to sign in.")
        return None
    origins = []
    for url in [issuer, *words("OIDC_ORIGINS")]:
        if _web_host("OIDC_ISSUER and OIDC_ORIGINS", url) not in LOOPBACK and not url.startswith("https://"):
            raise ImproperlyConfigured(f"OIDC_ISSUER and OIDC_ORIGINS must be https, not {url!r}.")
        found = urlsplit(url)
        if found.query or found.fragment:
            raise ImproperlyConfigured(f"OIDC_ISSUER and OIDC_ORIGINS have no query, not {url!r}.")
        origins.append(f"{found.scheme}://{found.netloc}")
    return Provider(issuer=issuer, client_id=text("OIDC_CLIENT_ID"), client_secret=client_secret,
                    name=text("OIDC_NAME", ""), origins=tuple(origins), factors=tuple(words("OIDC_FACTORS")), only=only)


def _web_host(name: str, url: str) -> str:
    """The host of an http or https address; ImproperlyConfigured for anything else."""
    try:
        found = urlsplit(url)
        host, _port = found.hostname, found.port
    except ValueError:
        host, found = None, urlsplit("")
    if found.scheme not in {"http", "https"} or not host or found.username is not None or not url.isascii():
        raise ImproperlyConfigured(f"{name} must hold http:// or https:// addresses, not {url!r}.")
    return host


def database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a libpq URL; a percent-encoded host is a socket directory."""
    found = parts("DATABASE_URL", url)
    if found.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://: Casework has one database semantics.")
    return {
        "ENGINE": "casework.database",
        "NAME": unquote(found.path.lstrip("/")),
        "USER": unquote(found.username or ""),
        "PASSWORD": unquote(found.password or ""),
        "HOST": unquote(found.hostname or ""),
        "PORT": str(found.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3} | dict(parse_qsl(found.query)),
    }


def storage(name: str, url: str) -> dict[str, Any]:
    """A STORAGES entry for `file:///folder` or `s3://bucket/prefix?endpoint_url=…&region_name=…`."""
    found = parts(name, url)
    if found.scheme == "file":
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": unquote(found.path), "file_permissions_mode": 0o600,
                        "directory_permissions_mode": 0o700},
        }
    if found.scheme == "s3":
        return {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": found.netloc, "location": found.path.strip("/"), "file_overwrite": False,
                        "default_acl": None, "querystring_auth": True, **dict(parse_qsl(found.query))},
        }
    raise ImproperlyConfigured(f"{name} must begin with file:// or s3://, not {found.scheme!r}.")
