"""Whatever is in a file: taken with 201, kept bit for bit, never shown as what it is, and the page about it works."""

import hashlib
import io
import socket

import pytest
from PIL import Image

from casework.cases.models import Case
from casework.exhibits.models import Exhibit
from evidence.derivatives import findings
from evidence.derivatives import services as derivatives
from evidence.store import services as store
from tests.casework.foreign_files import FILES, described
from tests.casework.test_exhibits_uploads import closed, part, send
from tests.factories import Cast, make_case, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return make_case(cast)


@pytest.mark.parametrize(("name", "data", "labels"), FILES.values(), ids=FILES.keys())
def test_whatever_is_in_a_file_it_is_kept_as_it_is_and_labelled(cast: Cast, case: Case, name: str, data: bytes,
                                                                labels: set[str]) -> None:
    answer = send(cast, case, closed(part(b"file", data, name.encode())))
    assert answer.status_code == 201, answer.content[:300]
    item = Exhibit.objects.get().item
    assert item.blob_id == hashlib.sha256(data).hexdigest()
    assert store.read_verified(item.blob_id, 6_000_000) == data
    derivatives.derive(item)
    said = findings.labels(item.labels, derivatives.found(item))
    assert labels <= set(said), said
    assert store.read_verified(item.blob_id, 6_000_000) == data
    client = sign_in(cast.lead)
    address = f"/cases/{case.ref}/evidence/"
    for where in ("", "?view=list", "E-001/"):
        shown = client.get(address + where)
        assert shown.status_code == 200
        assert b"<script>alert" not in shown.content
    for raster in ("E-001/thumbnail", "E-001/preview"):
        shown = client.get(address + raster)
        assert shown.status_code == 404 or shown["Content-Type"] in {"image/png", "image/jpeg"}
    # What is a program has to be asked for twice.
    taken = (client.post if "executable" in labels else client.get)(address + "E-001/original")
    assert b"".join(taken) == data
    assert taken["Content-Type"] == "application/octet-stream"
    assert taken["Content-Disposition"].startswith("attachment; ")
    assert taken["X-Content-Type-Options"] == "nosniff"
    assert taken["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("name", [name for name in FILES if "127.0.0.1:9" in str(FILES[name][1])])
def test_nothing_that_a_file_names_is_fetched(cast: Cast, case: Case, name: str) -> None:
    said, data, _ = FILES[name]
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        ours = data.replace(b"127.0.0.1:9", f"127.0.0.1:{server.getsockname()[1]}".encode())
        assert send(cast, case, closed(part(b"file", ours, said.encode()))).status_code == 201
        derivatives.derive(Exhibit.objects.get().item)
        assert sign_in(cast.lead).get(f"/cases/{case.ref}/evidence/E-001/").status_code == 200
        with pytest.raises(TimeoutError):
            server.accept()


def test_what_a_picture_says_of_its_maker_stays_in_the_original_alone(cast: Cast, case: Case) -> None:
    assert send(cast, case, closed(part(b"file", described(), b"gps.jpg"))).status_code == 201
    derivatives.derive(Exhibit.objects.get().item)
    client = sign_in(cast.lead)
    shown = client.get(f"/cases/{case.ref}/evidence/E-001/").content.decode()
    assert "A. Person" not in shown
    assert "c" * 5000 not in shown
    preview = b"".join(client.get(f"/cases/{case.ref}/evidence/E-001/preview"))
    with Image.open(io.BytesIO(preview)) as picture:
        assert not picture.getexif()
