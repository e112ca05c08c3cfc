"""The list of every part as CycloneDX 1.6 (ECMA-424). The same lock and the same installation give the same bytes.

There is no time in it and its serial number is made of what it says, so that two builds can be compared."""

import base64
import json
import tomllib
import uuid
from typing import Any
from urllib.parse import quote

from supply_chain import carried, licences, lock

VENDORED = lock.ROOT / "static" / "vendor"
Json = dict[str, Any]


def text() -> str:
    """The document, indented, with its last line ended."""
    return json.dumps(document(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def document() -> Json:
    project = tomllib.loads((lock.ROOT / "pyproject.toml").read_text())["project"]
    name, version = project["name"], project["version"]
    parts = [*(_package(pin) for pin in lock.read()), *(_vendored(row) for row in vendored())]
    told: Json = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {
            "type": "application", "bom-ref": f"pkg:generic/{name}@{version}", "name": name, "version": version,
            "purl": f"pkg:generic/{name}@{version}", "description": project["description"],
            "licenses": [{"license": {"id": project["license"]["text"]}}]}},
        "components": sorted(parts, key=lambda part: str(part["bom-ref"])),
    }
    own = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(told, sort_keys=True))
    return {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "serialNumber": f"urn:uuid:{own}", **told}


def vendored() -> list[Json]:
    """The packages of static/vendor/vendor.json: name, version, licence, integrity, files with their sha256."""
    return list(json.loads((VENDORED / "vendor.json").read_text()))


def _package(pin: lock.Pin) -> Json:
    """A pinned package; its hashes are those of every file of that version that pip may take, for any platform."""
    purl = f"pkg:pypi/{pin.name}@{pin.version}"
    told: Json = {"type": "library", "bom-ref": purl, "name": pin.name, "version": pin.version, "purl": purl,
                  "licenses": _licences(licences.of_package(pin.name)),
                  "hashes": [{"alg": "SHA-256", "content": digest} for digest in pin.hashes]}
    if parts := carried.inside(pin.name):
        told["components"] = [_inside(purl, part) for part in parts]
    return told


def _inside(package: str, part: carried.Part) -> Json:
    told: Json = {"type": "library" if part.sha256 else "application", "name": part.name,
                  "bom-ref": f"{package}#{part.name}{f'@{part.version}' if part.version else ''}",
                  "licenses": _licences(part.licence)}
    if part.version:
        told["version"] = part.version
    if part.sha256:
        told["hashes"] = [{"alg": "SHA-256", "content": part.sha256}]
    return told


def _vendored(row: Json) -> Json:
    purl = f"pkg:npm/{quote(row['name'], safe='/')}@{row['version']}"
    algorithm, _, digest = str(row["integrity"]).partition("-")
    assert algorithm == "sha512", row["name"]
    files = [{"type": "file", "bom-ref": f"{purl}#{file['from']}", "name": file["from"].rpartition("/")[2],
              "hashes": [{"alg": "SHA-256", "content": file["sha256"]}]} for file in row["files"]]
    return {"type": "library", "bom-ref": purl, "name": row["name"], "version": row["version"], "purl": purl,
            "licenses": _licences(licences.judge(row["name"], [row["licence"]])),
            "hashes": [{"alg": "SHA-512", "content": base64.b64decode(digest).hex()}], "components": files}


def _licences(found: licences.Licence) -> list[Json]:
    if found.spdx and " " in found.text:
        return [{"expression": found.text}]
    return [{"license": {"id" if found.spdx else "name": found.text}}]
