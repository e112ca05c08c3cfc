"""What frozen codes are called in the document's language. Templates print these; the frozen facts keep the codes."""

from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.accounts.likelihood import Likelihood
from casework.accounts.models import Assessment, Subject
from casework.exhibits import moments, package_words
from casework.exhibits import words as exhibit_words
from casework.exhibits.platforms import Platform
from casework.findings.models import Citation, Finding
from casework.sentences import sentence
from casework.takedowns.models import Notice, Target
from reports.dossiers import outside

ACQUISITION = {
    "file": gettext_lazy("file as received"),
    "clipboard": gettext_lazy("clipboard: a picture that the browser encoded again"),
    "text": gettext_lazy("typed or pasted text"),
    "made": gettext_lazy("made by this system"),
}
LABELS = {
    "empty": gettext_lazy("no bytes"),
    "mismatch": gettext_lazy("not what its name or type says"),
    "executable": gettext_lazy("a program"),
    "active": gettext_lazy("can run in a browser"),
    "active_pdf": gettext_lazy("a PDF that acts when opened"),
    "active_office": gettext_lazy("an office file that acts when opened"),
    "polyglot": gettext_lazy("two things in one file"),
    "other_preview": gettext_lazy("its embedded preview shows another picture"),
    "unexamined": gettext_lazy("not wholly looked through"),
    "archive": gettext_lazy("an archive of files"),
    "encrypted": gettext_lazy("encrypted"),
    "truncated": gettext_lazy("cut off"),
    "not_declared": gettext_lazy("the sender declared no hash"),
    "reencoded": gettext_lazy("encoded again by the browser"),
    "hidden_characters": gettext_lazy("hidden characters in its name"),
}
STEPS = {
    "waiting": gettext_lazy("Waiting for a worker"),
    "pictures": gettext_lazy("Reading the pictures"),
    "pages": gettext_lazy("Drawing the pages"),
    "signing": gettext_lazy("Signing"),
}
BASIS = {
    "claimed": gettext_lazy("claimed by the platform or a person, not proven"),
    "derived": gettext_lazy("derived from the post's own number"),
    "observed": gettext_lazy("observed by us"),
}


def in_words(frozen: dict[str, Any]) -> dict[str, Any]:
    """A copy of the frozen facts with what their codes are called now beside them."""
    return frozen | {
        "log": outside.in_words(frozen["log"]),
        "findings": [_finding(row) for row in frozen["findings"]],
        "subjects": [_subject(row) for row in frozen["subjects"]],
        "notices": [_notice(row) for row in frozen["notices"]],
        "exhibits": [_exhibit(row) for row in frozen["exhibits"]]}


def _finding(row: dict[str, Any]) -> dict[str, Any]:
    """A dossier that is older than confidence, judged citations and other explanations as a list has one text of these,
    and of its exhibits the labels alone."""
    others = row["alternatives"]
    cited = row.get("citations") or [
        {"exhibit": label, "bearing": bearing, "note": "", "reliability": "", "credibility": ""}
        for bearing in ("for", "against") for label in row[f"exhibits_{bearing}"]]
    return row | {
        "kind_word": _called(Finding.Kind, row["kind"]),
        "likelihood_word": _called(Likelihood, row["likelihood"]),
        "confidence_word": _called(Finding.Confidence, row.get("confidence", "")),
        "others": [{"hypothesis": others, "why": ""}] if isinstance(others, str) else others,
        **{f"cited_{bearing}": [_citation(one) for one in cited if one["bearing"] == bearing]
           for bearing in ("for", "against")}}


def _citation(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"bearing_word": _called(Citation.Bearing, row["bearing"]),
                  "reliability_word": _called(Citation.Reliability, row["reliability"]),
                  "credibility_word": _called(Citation.Credibility, row["credibility"])}


def _subject(row: dict[str, Any]) -> dict[str, Any]:
    steps = [step | {"role_word": _called(Subject.Role, step["to_role"]),
                     "indicator_words": [_called(Assessment.Indicator, one) for one in step["indicators"]]}
             for step in row.get("assessments", [])]
    return row | {"role_word": _called(Subject.Role, row["role"]), "assessments": steps,
                  "persona_word": _called(Subject.Persona, row["persona"])}


def _notice(row: dict[str, Any]) -> dict[str, Any]:
    named = {"state_word": _called(Notice.State, row["state"])}
    if "outcomes" in row:
        return row | named | {"outcome_words": [_called(Target.Outcome, one) for one in row["outcomes"]]}
    return row | named | {"targets": [one | {"outcome_word": _called(Target.Outcome, one["outcome"])}
                                      for one in row["targets"]]}


def _exhibit(row: dict[str, Any]) -> dict[str, Any]:
    if "provenance" not in row:
        return row
    came = row["provenance"]
    return row | {
        "custody": [one | {"what": sentence(SimpleNamespace(**one))} for one in row["custody"]],
        "capture": _capture(row.get("capture")),
        "declared_hashes": [hashed[:2] for hashed in package_words.hashes(row.get("package", {}).get("declared", {}))],
        "acquisition_word": ACQUISITION[row["acquisition"]],
        "label_words": [LABELS.get(one, one) for one in row["labels"]],
        "platform_word": _called(Platform, came["platform"]) if came.get("platform") else "",
        "posted_word": _time(came.get("posted_at")), "captured_word": _time(came.get("captured_at")),
        "basis_word": BASIS.get(came.get("posted_at_basis", ""), _("claimed, not proven"))}


def _capture(capture: dict[str, Any] | None) -> dict[str, Any] | None:
    """None where the exhibit is no captured page; a dossier that is older than these has no word of it."""
    return capture and capture | {
        "sentences": exhibit_words.minimum(capture["missing"]),
        "wanted": [exhibit_words.UNSTATED[code] for code in capture["unstated"]],
        "parts": [part | {"role_word": exhibit_words.ROLES[part["role"]],
                          "label_words": [LABELS.get(one, one) for one in part["labels"]]}
                  for part in capture["parts"]]}


def _time(text: str | None) -> str:
    """`2026-03-14 18:05:09 UTC`, with milliseconds where the source gave some; or empty."""
    return moments.written(moments.read(text).at).replace("T", " ").replace("Z", " UTC") if text else ""


def _called(choices: Any, code: str) -> str:
    return str(dict(choices.choices).get(code, code))
