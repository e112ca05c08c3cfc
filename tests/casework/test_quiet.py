"""What no log may say."""

import logging

import pytest
from django.test import Client

from casework.people import services as people

LINE = "%(h)s \"%(r)s\" \"%(f)s\""


def test_a_link_that_still_works_stands_in_no_log(db: None, caplog: pytest.LogCaptureFixture) -> None:
    _, token = people.invite("sana@example.org", "Sana", by=None)
    with caplog.at_level(logging.DEBUG):
        assert Client().post(f"/join/{token}/", {"display_name": "Sana", "password": "short"}).status_code == 422
        assert Client(enforce_csrf_checks=True).post(f"/join/{token}/").status_code == 403
    assert people.find_link(token), "it can still be used"
    assert "/join/…" in caplog.text and token not in caplog.text


def test_nor_in_the_lines_of_the_web_server(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("gunicorn.access").info(LINE, {
            "h": "127.0.0.1", "r": "GET /join/aB3_x-9/ HTTP/1.1", "f": "http://casework.example/?next=%2Fjoin%2FaB3_x-9%2F"})
        logging.getLogger("gunicorn.error").error("Error handling request %s", "/join/aB3_x-9/")
    assert "aB3_x-9" not in caplog.text
    assert [record.name for record in caplog.records] == ["gunicorn.access", "gunicorn.error"]
