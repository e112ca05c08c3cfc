"""HALL: the two origins of a deployment, and what pages may load from where.

Pages live at BASE_URL. Where CONTENT_URL names a second origin, whatever a browser shows of other people's bytes comes
from there alone: nothing in a file is then ever of one origin with a page, whatever a browser takes it for."""

from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.conf import settings

PORTS = {"http": 80, "https": 443}
# Where browsers tell what a policy forbade, and the name under which a policy says so.
REPORTS, GROUP = "/csp-report", "csp"


def policy(content_url: str, https: bool) -> dict[str, list[str]]:
    """The directives for every page of ours; pictures and films may come from `content_url` too, where there is one.

    Browsers that know report-to pass over report-uri, and report nothing by it where pages are not https."""
    media = [SELF, content_url] if content_url else [SELF]
    return {
        "default-src": [NONE], "script-src": [SELF], "style-src": [SELF], "img-src": [*media, "blob:"],
        "media-src": media, "font-src": [SELF], "connect-src": [SELF], "worker-src": [SELF], "form-action": [SELF],
        "base-uri": [NONE], "frame-ancestors": [NONE], "object-src": [NONE],
        "report-uri": [REPORTS], **({"report-to": [GROUP]} if https else {}),
    }


def is_content(host: str) -> bool:
    """Whether a request with this Host header asks the content origin.

    The host's name alone says so, whatever the port and however it is spelled: no page is ever shown under it. Only
    where pages have the same name does the port tell the two apart."""
    if not settings.CONTENT_URL:
        return False
    ours = place(settings.CONTENT_URL)
    _scheme, name, port = place(f"{ours[0]}://{host}")
    # Behind a port that is none its name is still what it is.
    name = name or place(f"{ours[0]}://{host.rpartition(':')[0]}")[1]
    return name == ours[1] and (place(settings.BASE_URL)[1] != name or port == ours[2])


def place(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address, as a browser compares origins; ("", "", 0) for what is none."""
    try:
        found = urlsplit(url)
        port = found.port or PORTS.get(found.scheme, 0)
    except ValueError:
        return "", "", 0
    return found.scheme, (found.hostname or "").removesuffix("."), port


def are_kin(one: str, other: str) -> bool:
    """Whether a cookie of one host can be made to reach the other: the same host, one below the other, or two whose
    last two labels are alike. Without a list of public suffixes that is a guess on the safe side."""
    if one == other:
        return True
    if ":" in one + other or one.replace(".", "").isdigit() or other.replace(".", "").isdigit():
        return False  # Addresses of numbers have no relatives.
    return one.endswith(f".{other}") or other.endswith(f".{one}") or one.split(".")[-2:] == other.split(".")[-2:]
