"""What came of checking a package, in words for people: states, problems, algorithms."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from casework.exhibits.models import Unpacking
from evidence.packages.answers import WEAK
from evidence.packages.models import Package

STATES: dict[str, tuple[Any, str]] = {
    Package.State.WAITING: (_("Being checked"), "rendering"),
    Package.State.VALID: (_("A valid package"), "verified"),
    Package.State.DAMAGED: (_("Incomplete: files in it are damaged"), "partial"),
    Package.State.INVALID: (_("Not a valid package"), "failed"),
    Package.State.FAILED: (_("Could not be checked"), "failed"),
}
FILES: dict[str, tuple[Any, str]] = {
    Unpacking.State.WAITING: (_("Waiting"), "rendering"),
    Unpacking.State.LODGED: (_("Lodged"), "done"),
    Unpacking.State.FAILED: (_("Failed"), "failed"),
}
PROBLEMS: dict[str, Any] = {
    "not_zip": _("The Zip file is broken, or can be read in more than one way"),
    "too_many": _("It has more files than are read"),
    "too_large": _("It has more bytes than are read"),
    "too_dense": _("It swells to more than a hundred times its size"),
    "unsafe_path": _("A path that would lead astray"),
    "encrypted": _("The file is encrypted"),
    "method": _("The file is compressed in a way that is not read here"),
    "special": _("A link or a device in place of a file"),
    "duplicate": _("Two files have the same name"),
    "case": _("Two names differ only by capital and small letters"),
    "no_bagit": _("There is no bagit.txt at the top or in the one folder there"),
    "outside": _("The file lies outside the package's folder"),
    "version": _("bagit.txt names no version that is known here"),
    "encoding": _("Its texts are said to be in another encoding than UTF-8"),
    "fetch": _("fetch.txt names files that would have to be fetched"),
    "algorithms": _("Its manifests use only algorithms that are not known here"),
    "no_manifest": _("There is no manifest of its files"),
    "line": _("A line of the file is not what it should be"),
    "twice": _("A manifest lists a file twice"),
    "missing": _("A manifest lists the file, and it is not there"),
    "unlisted": _("No manifest lists the file"),
    "not_in_every": _("One of the manifests does not list the file"),
    "mismatch": _("The file has another hash than its sender declared"),
    "damaged": _("The file is damaged"),
    "unreadable": _("The file cannot be read"),
    "tag_missing": _("A tag manifest lists the file, and it is not there"),
    "tag_mismatch": _("The file has another hash than a tag manifest says"),
    "oxum": _("There are other files or bytes than bag-info.txt says"),
}
ALGORITHMS = {"md5": "MD5", "sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}


def hashes(declared: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Name, digest and whether it is weak, for each that a sender declared; the strongest first."""
    return [(ALGORITHMS[name], declared[name], name in WEAK) for name in reversed(ALGORITHMS) if name in declared]
