"""The only source of bytes for a page: a manifest of names. Everything else stops the rendering."""

from collections.abc import Mapping
from typing import Any

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.pdf.pictures import picture_type

SCHEME = "casework:"

FONTS = (b"wOF2", b"\x00\x01\x00\x00", b"OTTO")


class Manifest(URLFetcher):  # type: ignore[misc]
    """Serves `casework:NAME` for the names of `resources` and notes what was served and what was denied."""

    def __init__(self, resources: Mapping[str, bytes]):
        super().__init__(allowed_protocols=("casework",), allow_redirects=False, fail_on_errors=True)
        self._resources = resources
        self.served: set[str] = set()
        self.denied: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        data = self._resources.get(name) if url.startswith(SCHEME) else None
        kind = None if data is None else _kind(name, data)
        if kind is None:
            # WeasyPrint swallows even fatal errors inside an SVG, so the denial is noted besides.
            self.denied.append(url)
            raise FatalURLFetchingError(f"not in the manifest: {url[:200]}")
        self.served.add(name)
        return URLFetcherResponse(url, data, {"Content-Type": kind})



def _kind(name: str, data: bytes) -> str | None:
    """By the first bytes; only we put style sheets into a manifest, so for them the name is enough."""
    if name.endswith(".css"):
        return "text/css"
    return "font/sfnt" if data.startswith(FONTS) else picture_type(data)
