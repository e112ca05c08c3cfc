"""The door to WeasyPrint: only the manifest is served, and nothing is silently left out."""

import http.server
import io
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from reports.pdf.errors import RenderFailed, ResourceDenied, ResourceUnused
from reports.pdf.fonts import spelled
from reports.pdf.pictures import dimensions
from reports.pdf.png import rows_of
from reports.pdf.press import Job, Press
from tests.reports.story import screenshot

HIT: list[str] = []


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    with Press(1, tmp_path_factory.mktemp("scratch")) as one:
        yield one


@pytest.fixture
def render(press: Press, tmp_path: Path) -> Callable[..., bytes]:
    """Draw in a child, as the product does."""

    def drawn(html: str, *, resources: dict[str, bytes]) -> bytes:
        (tmp_path / "page.html").write_text(html)
        for name, data in resources.items():
            (tmp_path / name).write_bytes(data)
        out = tmp_path / "out.pdf"
        job = Job(str(tmp_path / "page.html"), str(out), {name: str(tmp_path / name) for name in resources})
        assert list(press.print([job]))[0][1].pages == 1
        return out.read_bytes()

    return drawn


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    """A server on this machine that notes whoever asks it for something."""

    class Noting(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            HIT.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Noting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def page(body: str, head: str = "") -> str:
    return f'<!doctype html><html lang="en"><head><title>t</title>{head}</head><body>{body}</body></html>'


WAYS_OUT = {
    "picture": ("", '<img src="{}">'),
    "attachment link": ('<link rel="attachment" href="{}">', ""),
    "attachment anchor": ("", '<a rel="attachment" href="{}">x</a>'),
    "style sheet": ('<link rel="stylesheet" href="{}">', ""),
    "import": ("<style>@import url({});</style>", ""),
    "font": ("<style>@font-face{{font-family:X;src:url({})}} p{{font-family:X}}</style>", "<p>x</p>"),
    "background": ("<style>p{{background:url({})}}</style>", "<p>x</p>"),
    "content": ("<style>p::before{{content:url({})}}</style>", "<p>x</p>"),
    "list mark": ("<style>li{{list-style-image:url({})}}</style>", "<ul><li>x</li></ul>"),
    "svg image": ("", '<svg width="9" height="9"><image href="{}" width="9" height="9"/></svg>'),
    "svg use": ("", '<svg width="9" height="9"><use href="{}#a"/></svg>'),
    "object": ("", '<object data="{}" type="image/png"></object>'),
    "embed": ("", '<embed src="{}" type="image/png">'),
    "base": ('<base href="{}">', '<img src="x.png">'),
}


@pytest.mark.parametrize("way", WAYS_OUT)
@pytest.mark.parametrize("scheme", ["file", "http", "data", "unlisted", "relative"])
def test_no_way_leads_out(way: str, scheme: str, web: str, tmp_path: Path, render: Callable[..., bytes]) -> None:
    canary = tmp_path / "canary.png"
    canary.write_bytes(screenshot(1))
    target = {"file": canary.as_uri(), "http": f"{web}/canary.png", "data": "data:image/png;base64,iVBORw0KGgo=",
              "unlisted": "casework:other.png", "relative": "canary.png"}[scheme]
    head, body = (part.format(target) for part in WAYS_OUT[way])
    with pytest.raises(RenderFailed):
        render(page(body, head), resources={})
    assert HIT == []


def test_what_is_denied_is_named(render: Callable[..., bytes]) -> None:
    with pytest.raises(ResourceDenied) as denied:
        render(page('<img src="file:///etc/hostname">'), resources={})
    assert denied.value.address == "file:///etc/hostname"


@pytest.mark.parametrize("picture", [
    b"", b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/hostname'/></svg>",
    b"GIF89a\x01\x00\x01\x00", b"%!PS-Adobe-3.0 EPSF-3.0"])
def test_a_picture_that_is_none_fails(picture: bytes, render: Callable[..., bytes]) -> None:
    with pytest.raises(RenderFailed):
        render(page('<img src="casework:E-001.png">'), resources={"E-001.png": picture})


def test_a_picture_that_cannot_be_read_is_named(render: Callable[..., bytes]) -> None:
    with pytest.raises(ResourceUnused) as unused:
        render(page('<img src="casework:E-007.png">'), resources={"E-007.png": b"\x89PNG\r\n\x1a\nxxxx"})
    assert unused.value.name == "E-007.png"


def test_a_picture_that_is_not_shown_fails(render: Callable[..., bytes]) -> None:
    with pytest.raises(ResourceUnused):
        render(page("<p>no picture</p>"), resources={"E-007.png": screenshot(1)})


def test_presentational_hints_are_off(render: Callable[..., bytes]) -> None:
    hinted = '<table background="file:///etc/hostname"><tr><td bgcolor="red">x</table><body background="http://x/">'
    assert render(page(hinted), resources={}).startswith(b"%PDF-1.7")


def test_a_plain_png_goes_in_byte_for_byte(render: Callable[..., bytes]) -> None:
    data = screenshot(3)
    rows = rows_of(data)
    assert rows and rows[:3] == (540, 1170, "RGB")
    assert rows[-1] in render(page('<img src="casework:a.png">'), resources={"a.png": data})
    jpeg = screenshot(3, "JPEG")
    assert jpeg in render(page('<img src="casework:a.jpg">'), resources={"a.jpg": jpeg})


def test_other_pngs_take_the_ordinary_way(render: Callable[..., bytes]) -> None:
    for mode in ("P", "RGBA", "LA", "1", "L"):
        out = io.BytesIO()
        Image.new(mode, (5, 7)).save(out, "PNG")
        assert (rows_of(out.getvalue()) is not None) == (mode == "L")
        assert render(page('<img src="casework:a.png">'), resources={"a.png": out.getvalue()})


def test_dimensions_come_from_the_header() -> None:
    assert dimensions(screenshot(1)) == dimensions(screenshot(1, "JPEG")) == (540, 1170)
    assert dimensions(b"") == dimensions(b"\xff\xd8\xff\xe0") == dimensions(b"GIF89a") == (0, 0)


def test_what_no_font_can_draw_is_spelled_out() -> None:
    assert spelled("a 😂 b") == "a [U+1F602 face with tears of joy] b"
    assert spelled("\x00\ufdd0") == "[U+0000][U+FDD0]"
    plain = "plain – text, اردو متن ٹھیک ہے۔\n\u2068x\u2069"
    assert spelled(plain) == plain
