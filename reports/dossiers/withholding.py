"""What a referral keeps back of ordinary users: their handles in our own texts, and where their posts were found.

The exhibits themselves leave as they are; what is printed on them is not ours to change."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from casework.accounts import pseudonyms

# What leads to the account: the page prints "withheld" in its place.
POINTERS = ("handle", "source_url", "post_id")


def withhold(facts: dict[str, Any], *, ordinary: Mapping[str, Iterable[str]], spared: Iterable[str],
             exhibits: set[str], words: pseudonyms.Words) -> dict[str, Any]:
    """The facts of a referral. `ordinary` maps what an ordinary user is called here to all that they are called;
    `spared` are the names of those who take part; `exhibits` the labels of what shows an ordinary user."""
    known = pseudonyms.label_only(ordinary, spared=spared, words=words)

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return pseudonyms.pseudonymise(value, known)
        if isinstance(value, list):
            return [clean(one) for one in value]
        return {key: clean(one) for key, one in value.items()} if isinstance(value, dict) else value

    bystanders = {row["label"] for row in facts["subjects"] if row["role"] == "bystander"}
    return facts | {
        "case": clean(facts["case"]), "weighed": clean(facts["weighed"]),
        "findings": [_finding(row, clean) for row in facts["findings"]],
        "subjects": [row | {key: clean(row[key]) for key in ("exculpatory", "assessments")}
                     for row in facts["subjects"]],
        "notices": [row | {"targets": [_target(one, bystanders, clean) for one in row["targets"]]}
                    for row in facts["notices"]],
        "exhibits": [_exhibit(row, known, exhibits, clean) for row in facts["exhibits"]]}


def _finding(row: dict[str, Any], clean: Callable[[Any], Any]) -> dict[str, Any]:
    """Techniques have numbers and names of their own, which are nobody's."""
    return {key: row[key] if key == "techniques" else clean(value) for key, value in row.items()}


def _target(row: dict[str, Any], bystanders: set[str], clean: Callable[[Any], Any]) -> dict[str, Any]:
    return row | {"url": "" if row["subject"] in bystanders else clean(row["url"]), "wording": clean(row["wording"])}


def _exhibit(row: dict[str, Any], known: pseudonyms.Pseudonyms, shown: set[str],
             clean: Callable[[Any], Any]) -> dict[str, Any]:
    came = row["provenance"]
    hidden = row["label"] in shown or any(pseudonyms.mentions(came.get(key, ""), known) for key in POINTERS)
    kept = {key: clean(value) for key, value in came.items() if not (hidden and key in POINTERS)}
    package = {"package": row["package"] | {"path": clean(row["package"]["path"])}} if "package" in row else {}
    return row | package | {
        "title": clean(row["title"]), "name": clean(row["name"]), "provenance": kept,
        "capture": row["capture"] and row["capture"] | {
            "parts": [one | {"name": clean(one["name"])} for one in row["capture"]["parts"]]},
        "withheld": [key for key in POINTERS if hidden and came.get(key)],
        "custody": [one | {"detail": clean(_without_pointers(one["detail"]) if hidden else one["detail"])}
                    for one in row["custody"]]}


def _without_pointers(detail: dict[str, Any]) -> dict[str, Any]:
    """The entry of the accession repeats where it came from, and its file name byte by byte."""
    kept = {key: value for key, value in detail.items() if key != "name_base64"}
    if isinstance(came := kept.get("provenance"), dict):
        kept["provenance"] = {key: value for key, value in came.items() if key not in POINTERS}
    return kept
