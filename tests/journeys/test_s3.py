"""The whole server with both storages on S3: lodged, copied, given back and verified, and no byte in its home."""

import hashlib
import http.cookiejar
import re
import shutil
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.journeys.api import Api, until
from tests.journeys.pictures import png
from tests.journeys.server import Stack, start, stop

pytestmark = pytest.mark.stack

PERSON = "first.administrator@example.org"
KEYS = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented"}
REGION = "us-east-1"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    running = ThreadedMotoServer("127.0.0.1", 0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def client(endpoint: str) -> Iterator[Any]:
    """A look at the buckets that does not go through the product."""
    made = boto3.client("s3", endpoint_url=endpoint, region_name=REGION, aws_access_key_id="invented",
                        aws_secret_access_key="invented")
    for bucket in ("evidence", "archive"):
        made.create_bucket(Bucket=bucket)
    yield made
    made.close()


@pytest.fixture
def on_s3(endpoint: str, client: Any) -> Iterator[Stack]:
    folder = Path(tempfile.mkdtemp(prefix="casework-s3-"))
    options = f"endpoint_url={endpoint}&region_name={REGION}"
    try:
        running = start(folder / "home", "--empty", STORAGE_URL=f"s3://evidence?{options}",
                        ARCHIVE_URL=f"s3://archive?{options}", **KEYS)
        yield running
        stop(running)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_a_server_on_s3_keeps_copies_gives_back_and_verifies(on_s3: Stack, client: Any) -> None:
    join(on_s3)
    api = Api(on_s3, PERSON, "read", "write", "export")
    ref = api.call("cases/", title="Harbour trend", mandate_basis="Order 15/2026 of an invented board",
                   mandate_purpose="To establish whether the trend is paid for.",
                   mandate_scope="Accounts in November 2026.")["ref"]
    data = png(300, 500, seed="kept in a bucket")
    digest = hashlib.sha256(data).hexdigest()
    assert api.lodge(ref, data, sha256=digest)["exhibit"]["label"] == "E-001"
    address = f"cases/{ref}/exhibits/E-001/"
    wanted = {"fixity": "done", "derive": "done", "archive": "done"}
    until(lambda: wanted.items() <= api.steps(address).items())

    for bucket in ("evidence", "archive"):
        held = hashes(client, bucket)
        assert held[digest] == digest
        assert all(name == hashed for name, hashed in held.items())
    # Nothing went to the folders that a server without buckets uses.
    assert [path for name in ("store", "archive") for path in (on_s3.home / name).rglob("*") if path.is_file()] == []
    assert api.fetch(address + "original/") == data
    verified = on_s3.manage("verify", "--all")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def join(stack: Stack) -> None:
    """The first administrator, made at a terminal, opens the printed link and sets a password."""
    made = stack.manage("create_admin", PERSON, "--link")
    assert made.returncode == 0, made.stderr
    link = made.stdout.strip().splitlines()[-1]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    with browser.open(link, timeout=30) as page:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert found
    form = {"csrfmiddlewaretoken": found[1], "display_name": "First", "password": "quiet harbour, nine gulls"}
    with browser.open(link, urllib.parse.urlencode(form).encode(), timeout=30) as answer:
        assert answer.url == f"{stack.url}/accounts/login/"


def hashes(client: Any, bucket: str) -> dict[str, str]:
    """What each object of `bucket` is named, without its folder, and the SHA-256 of its bytes."""
    keys = [one["Key"] for one in client.list_objects_v2(Bucket=bucket).get("Contents", [])]
    return {key.rpartition("/")[2]: hashlib.sha256(client.get_object(Bucket=bucket, Key=key)["Body"].read()).hexdigest()
            for key in keys}
