"""The only door to WeasyPrint: HTML and its manifest become one PDF, or nothing. Needs Pango: load it in a child."""

import gc
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from weasyprint import HTML, Attachment
from weasyprint.urls import FatalURLFetchingError

from reports.pdf import png
from reports.pdf.attached import Attached
from reports.pdf.errors import RenderFailed, ResourceDenied, ResourceUnused
from reports.pdf.fetcher import Manifest
from reports.pdf.pictures import picture_type

VARIANT = "pdf/a-3u"
png.install()


@dataclass(frozen=True)
class Drawn:
    """A PDF with the number of its pages and the page (from 0) on which each named anchor lies."""

    pdf: bytes
    pages: int
    anchors: dict[str, int]


def render(html: str, *, resources: Mapping[str, bytes], attachments: tuple[Attached, ...] = ()) -> bytes:
    """The PDF/A-3u of `html`, which names its language and title itself. Pictures and fonts come as `casework:NAME`.

    Raises ResourceDenied for any other address, ResourceUnused when a picture of the manifest was not shown."""
    return draw(html, resources=resources, attachments=attachments).pdf


def draw(html: str, *, resources: Mapping[str, bytes], attachments: tuple[Attached, ...] = ()) -> Drawn:
    """As `render`, with where things lie."""
    fetcher = Manifest(resources)
    with _complaints() as complaints, _without_collector():
        try:
            page = HTML(string=html, url_fetcher=fetcher, base_url="casework:")
            _require_inside(page)
            document = page.render(pdf_variant=VARIANT, presentational_hints=False)
            pdf = document.write_pdf(pdf_variant=VARIANT, attachments=[_attachment(one) for one in attachments])
        except FatalURLFetchingError as error:
            raise ResourceDenied((fetcher.denied or [str(error)])[0]) from error
    if fetcher.denied:
        raise ResourceDenied(fetcher.denied[0])
    if complaints:
        raise _named(complaints[0], resources)
    for name in resources:
        if name not in fetcher.served and picture_type(resources[name]):
            raise ResourceUnused(name)
    anchors: dict[str, int] = {}
    for number, page in enumerate(document.pages):
        for name in page.anchors:
            anchors.setdefault(name, number)
    return Drawn(pdf, len(document.pages), anchors)


def _require_inside(page: HTML) -> None:
    """An SVG that uses parts of another file: WeasyPrint leaves them out without a word and without asking for them."""
    for element in page.etree_element.iter():
        if str(element.tag).endswith("}use"):
            for name, address in element.attrib.items():
                if name.endswith("href") and not address.startswith("#"):
                    raise ResourceDenied(address)


def _attachment(one: Attached) -> Attachment:
    return Attachment(file_obj=_Bytes(one.data), name=one.name, description=one.description,
                      relationship=one.relationship)


class _Bytes:
    """A file object without a name, so that WeasyPrint makes no address of it."""

    def __init__(self, data: bytes):
        self._data = data

    def read(self) -> bytes:
        return self._data


def _named(complaint: str, resources: Mapping[str, bytes]) -> RenderFailed:
    name = next((name for name in resources if f"casework:{name}'" in complaint), None)
    return ResourceUnused(name) if name else RenderFailed(complaint[:300])


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """WeasyPrint logs, and goes on, when a picture cannot be read or an address not be resolved. We do not go on."""
    found: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(record.getMessage())

    collector, logger = Collector(level=logging.ERROR), logging.getLogger("weasyprint")
    logger.addHandler(collector)
    try:
        yield found
    finally:
        logger.removeHandler(collector)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Layout makes millions of small objects that all live to the end: the collector only costs (a fifth)."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
