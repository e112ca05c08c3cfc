"""The signing key: made once, private, and never replaced; and what the database must be like."""

import io
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core import checks as django_checks
from django.core.management import CommandError, call_command
from stack import postgres

from evidence import checks
from evidence.custody import signer
from evidence.tlog import note
from tests.evidence import custody_log as given

NAME = "casework-0a1b2c3d.local/log"


def test_a_key_is_made_private_with_its_public_half_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "log.key"
    made = signer.make_key(path, NAME)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    key, sign = signer.signer(path)
    assert key == made == signer.public_key(path)
    assert signer.verifies(key, b"text", sign(b"text"))
    assert not signer.verifies(key, b"test", sign(b"text"))
    assert not signer.verifies(note.Key(NAME, 6, key.material), b"text", sign(b"text"))
    with pytest.raises(FileExistsError):
        signer.make_key(path, NAME)


@pytest.mark.parametrize("text", ["", "nonsense", "PRIVATE+KEY+a+00000000+AQ==", "\ud800"])
def test_a_key_file_that_is_none_is_missing(tmp_path: Path, text: str) -> None:
    for name in ("log.key", "log.key.vkey"):
        (tmp_path / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(signer.SignerMissing):
        signer.signer(tmp_path / "log.key")
    with pytest.raises(signer.SignerMissing):
        signer.public_key(tmp_path / "log.key")
    with pytest.raises(signer.SignerMissing):
        signer.signer(tmp_path / "absent")


def test_the_command_makes_a_key_once_and_keeps_its_origin(tmp_path: Path, settings: Any) -> None:
    settings.SIGNING_KEY = str(tmp_path / "log.key")
    with pytest.raises(CommandError, match="--name"):
        call_command("log_key")
    with pytest.raises(CommandError, match="space"):
        call_command("log_key", "--name", "two words")
    first, again = io.StringIO(), io.StringIO()
    call_command("log_key", "--name", NAME, stdout=first)
    call_command("log_key", "--name", NAME, stdout=again)
    call_command("log_key", stdout=again)
    assert again.getvalue() == first.getvalue() * 2
    assert note.parse_key(first.getvalue().strip()).name == NAME
    with pytest.raises(CommandError, match="keeps its origin"):
        call_command("log_key", "--name", "other.example/log")


@pytest.mark.django_db
def test_a_database_that_may_lose_what_it_committed_is_an_error() -> None:
    # The servers of the tests run with fsync off, for speed.
    assert [found.id for found in checks.durable(["default"])] == ["evidence.E001"]
    registered = django_checks.run_checks(tags=[django_checks.Tags.database], databases=["default"])
    assert "evidence.E001" in {found.id for found in registered}
    assert checks.durable(None) == []


@pytest.mark.usefixtures("real_db")
def test_a_role_that_may_change_the_log_is_found() -> None:
    assert checks.may_change_log() == []
    assert checks.insert_only(["default"]) == []
    with given.superuser():
        assert checks.may_change_log() == [postgres.SUPERUSER]
        assert checks.insert_only(["default"]) == []
    for right in ("UPDATE ON evidence_leaf", "DELETE ON evidence_payload", postgres.ERASER_ROLE):
        postgres.execute(given.SERVER, f"GRANT {right} TO {postgres.APP_ROLE}", postgres.DATABASE)
        assert [found.id for found in checks.insert_only(["default"])] == ["evidence.E005"]
        postgres.execute(given.SERVER, f"REVOKE {right} FROM {postgres.APP_ROLE}", postgres.DATABASE)
    assert checks.insert_only(["default"]) == []
