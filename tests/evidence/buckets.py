"""What tests of buckets share: moto's server on loopback, and both storages on it. It keeps no lock that it accepts."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from django.test import override_settings
from moto.server import ThreadedMotoServer

KEYS = {"access_key": "test", "secret_key": "test", "region_name": "us-east-1"}


@contextmanager
def serving() -> Iterator[str]:
    running = ThreadedMotoServer("127.0.0.1", 0)
    running.start()
    host, port = running.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        running.stop()


@contextmanager
def both(server: str, folder: Path, *, archive: str) -> Iterator[Any]:
    """A client; the evidence in a folder and the archive in the bucket of this name, which is emptied at the end."""
    client = boto3.client("s3", endpoint_url=server, aws_access_key_id="test", aws_secret_access_key="test",
                          region_name="us-east-1")
    (folder / "spool").mkdir()
    plain = {"BACKEND": "django.core.files.storage.FileSystemStorage",
             "OPTIONS": {"location": str(folder / "evidence")}}
    kept = {"BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": archive, "endpoint_url": server, "location": "copies", **KEYS}}
    with override_settings(FILE_UPLOAD_TEMP_DIR=str(folder / "spool"), STORAGES={
            "evidence": plain, "archive": kept, "default": plain, "staticfiles": plain}):
        yield client
    client.close()
