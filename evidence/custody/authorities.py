"""The time-stamping authorities of TSA_URLS, each with the certificates pinned for its host in TSA_CERTIFICATES."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from evidence.custody import tokens

_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,20})){1,30}")


class Unusable(Exception):
    """This authority is not asked; the message says what is missing, for people."""


@dataclass(frozen=True)
class Authority:
    """`policy` is the OID that its tokens must have, empty where any will do."""

    host: str
    url: str
    chain: tokens.Chain
    policy: str


def hosts() -> list[str]:
    """The configured authorities by their host, in the order of TSA_URLS."""
    return [_host(url) for url in settings.TSA_URLS]


def load(host: str) -> Authority:
    """The authority with its certificates. Raises Unusable."""
    url = next(url for url in settings.TSA_URLS if _host(url) == host)
    file = Path(settings.TSA_CERTIFICATES) / f"{host}.pem"
    try:
        chain = tokens.read_chain(file.read_bytes())
    except OSError as error:
        raise Unusable(f"{file}: {error.strerror}") from None
    except tokens.NotAnAuthority as error:
        raise Unusable(f"{file}: {error}") from None
    return Authority(host, url, chain, _policy(file.with_suffix(".policy")))


def _policy(file: Path) -> str:
    if not file.exists():
        return ""
    text = file.read_text(errors="replace").strip()
    if not _OID.fullmatch(text):
        raise Unusable(f"{file}: not an OID")
    return text


def _host(url: str) -> str:
    return str(urlsplit(url).hostname)
