"""CASEWORK_HOME: its folders, its secrets, and the environment that every process of the product is given."""

import fcntl
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from stack import postgres

# Each of these, when given from outside, switches the embedded part off and is handed on as it is.
PARTS = ("DATABASE_URL", "BROKER_URL", "STORAGE_URL", "ARCHIVE_URL")
# Each of these may stand in a file that NAME_FILE names.
SECRETS = ("SECRET_KEY", "DATABASE_URL", "BROKER_URL", "STORAGE_URL", "ARCHIVE_URL", "EMAIL_URL", "OIDC_CLIENT_SECRET",
           "PDF_SIGNING_PASSPHRASE")
# What PostgreSQL's tools would read as shell text or as the end of a line.
UNUSABLE = set("\"'`$\\\n")


class Refused(Exception):
    """The message is for the person at the terminal."""


@dataclass
class Home:
    """Everything that this deployment keeps on this machine lies under `path`."""

    path: Path
    _lock: int = field(default=-1, repr=False)

    def open(self) -> None:
        """Make the folders and take the lock; Refused when it cannot be used or is in use."""
        if UNUSABLE & set(str(self.path)):
            raise Refused(f"CASEWORK_HOME must not hold quotes, dollar signs or backslashes: {self.path}")
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.path.stat().st_uid != os.geteuid():
                raise Refused(f"{self.path} belongs to another user. Start script/server as that user.")
            self.path.chmod(0o700)
            for name in ("incoming", "keys", "log", "run", "store", "archive"):
                (self.path / name).mkdir(exist_ok=True, mode=0o700)
            self._lock = os.open(self.path / "run" / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Refused(f"{self.path} cannot be used: {error.strerror}.") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            address = self.recall("address", "an address it has not announced yet")
            raise Refused(f"Casework already runs on {self.path}: {address}") from None

    def secret(self, name: str, length: int = 48) -> str:
        """A random text that stays the same: made once, kept in keys/`name` with mode 0600."""
        kept = self.path / "keys" / name
        if not kept.exists():
            _private(kept, secrets.token_urlsafe(length))
        return kept.read_text()

    def remember(self, name: str, value: Any) -> None:
        _private(self.path / "run" / f"{name}.json", json.dumps(value))

    def recall(self, name: str, default: Any = None) -> Any:
        try:
            return json.loads((self.path / "run" / f"{name}.json").read_text())
        except (OSError, ValueError):
            return default

    def write_environment(self, values: dict[str, str]) -> None:
        """For `manage.py` in another terminal: casework/env.py reads it, the environment itself wins."""
        lines = "".join(f"{name}={value}\n" for name, value in sorted(values.items()))
        _private(self.path / "environment", "# Written by script/server at every start.\n" + lines)


def read_secret_files() -> None:
    """Put the content of NAME_FILE in the place of NAME, as the product does for processes that others start."""
    for name in SECRETS:
        if path := os.environ.pop(f"{name}_FILE", None):
            if name in os.environ:
                raise Refused(f"{name} and {name}_FILE are both set: give one of them.")
            try:
                os.environ[name] = Path(path).read_text().rstrip("\r\n")
            except (OSError, UnicodeDecodeError) as error:
                raise Refused(f"{name}_FILE: {path} cannot be read: "
                              f"{getattr(error, 'strerror', 'it is no text')}.") from None


def signing_key(home: Home) -> str:
    """Where the key of the log lies."""
    return os.environ.get("SIGNING_KEY") or str(home.path / "keys" / "log.key")


def settings(home: Home, embedded: dict[str, str], address: str) -> dict[str, str]:
    """The product's settings: what was given wins, embedded parts fill what was not."""
    database = os.environ.get("DATABASE_URL") or embedded["DATABASE_URL"]
    values = {
        "CASEWORK_HOME": str(home.path),
        "SECRET_KEY": os.environ.get("SECRET_KEY") or home.secret("secret-key"),
        "BASE_URL": os.environ.get("BASE_URL") or address,
        # Another name of this machine: browsers share cookies between ports and never between names.
        "CONTENT_URL": os.environ.get("CONTENT_URL", "" if os.environ.get("BASE_URL") else
                                      address.replace("//localhost:", "//127.0.0.1:")),
        "DATABASE_URL": database,
        "DATABASE_APP_ROLE": os.environ.get("DATABASE_APP_ROLE") or role_of(database),
        "DATABASE_ERASER_ROLE": os.environ.get("DATABASE_ERASER_ROLE") or postgres.ERASER_ROLE,
        "BROKER_URL": os.environ.get("BROKER_URL") or embedded["BROKER_URL"],
        "STORAGE_URL": os.environ.get("STORAGE_URL") or _folder_url(home.path / "store"),
        "ARCHIVE_URL": os.environ.get("ARCHIVE_URL") or _folder_url(home.path / "archive"),
        "STATIC_ROOT": os.environ.get("STATIC_ROOT") or str(home.path / "static"),
        "SIGNING_KEY": signing_key(home),
        "PDF_SIGNING_KEY": os.environ.get("PDF_SIGNING_KEY") or str(home.path / "keys" / "pdf.p12"),
        "PDF_SIGNING_PASSPHRASE": os.environ.get("PDF_SIGNING_PASSPHRASE") or home.secret("pdf-passphrase"),
        "CASEWORK_DEMO": os.environ.get("CASEWORK_DEMO") or ("1" if home.recall("demo") else "0"),
    }
    # Left to the product's own settings, which read them from the environment; kept for manage.py too.
    handed_on = ("ALLOWED_HOSTS", "BEHIND_PROXY", "CHECKPOINT_MAIL", "CLAMD_URL", "EMAIL_URL", "EXPORT_BYTES_AN_HOUR",
                 "EXPORT_FILES_AN_HOUR", "LOG_FORMAT", "LOG_POLICY", "MAIL_FROM", "MAX_UPLOAD_BYTES",
                 "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_FACTORS", "OIDC_ISSUER", "OIDC_NAME", "OIDC_ONLY",
                 "OIDC_ORIGINS", "SECOND_FACTOR_FOR", "SSL_REDIRECT", "TSA_CERTIFICATES", "TSA_INTERVAL_SECONDS",
                 "TSA_URLS", "UPLOAD_BYTES_OPEN", "UPLOAD_TEMP_DIR")
    return values | {name: os.environ[name] for name in handed_on if name in os.environ}


def owner_url(embedded: dict[str, str]) -> str | None:
    """The URL of the role that owns the tables, for migrations only; None when it was not given."""
    if "DATABASE_URL" not in os.environ:
        return embedded["DATABASE_OWNER_URL"]
    owner = os.environ.get("DATABASE_OWNER_URL")
    if owner and role_of(owner) == role_of(os.environ["DATABASE_URL"]):
        raise Refused("DATABASE_URL names the owner of the tables. The application must not be able to change the "
                      "log: give it a role of its own, and the owner's URL as DATABASE_OWNER_URL.")
    return owner


def role_of(url: str) -> str:
    return unquote(urlsplit(url).username or "")


def _folder_url(path: Path) -> str:
    return "file://" + quote(str(path))


def _private(path: Path, text: str) -> None:
    """Write with mode 0600 under another name, then rename: a reader never sees half of it."""
    half = path.with_name(path.name + ".new")
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    half.replace(path)
