"""From facts that name people to facts that name none: what a briefing may hold is listed here, the rest is left out.

In a briefing an exhibit is its place in the log and its leaf hash alone: the leaf is a salted commitment, while a hash,
a size or a type of the file would confirm a guess at it.

It works on words before anything is drawn, so that nothing lies under a box. It cannot know a name that nobody wrote
down as one; the second person reads for that."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from casework.accounts import pseudonyms

_FINDING_TEXTS = ("title", "claim", "method", "against")
_FINDING_KEEPS = ("label", "kind", "likelihood", "confidence", "exhibits_for", "exhibits_against", "techniques",
                  "reviewed_at")
_CITATION_KEEPS = ("exhibit", "bearing", "reliability", "credibility")
_ALTERNATIVE = ("hypothesis", "why")
_EXHIBIT_KEEPS = ("label", "leaf_index", "leaf_hash", "proof")
_WEIGHED = ("necessity", "against", "less_intrusive")
_MANDATE = ("title", "mandate_basis", "mandate_purpose", "mandate_scope")


def redact(facts: dict[str, Any], *, called: Mapping[str, Iterable[str]], team: Mapping[str, Iterable[str]],
           others: Mapping[str, Mapping[str, Iterable[str]]], words: pseudonyms.Words, member: str) -> dict[str, Any]:
    """The facts of a briefing. `called` maps each subject's label to all that it is called, `team` each colleague to
    their names, who become "`member` A"; `others` is the same for whatever is called by another word, each name whole;
    `words` are the labels in the document's language."""
    salt = secrets.token_bytes(32)
    people = pseudonyms.deal(called, _texts(facts), salt=salt, words=words)
    # These come later: their names must not cut a handle that contains one.
    later = [pseudonyms.deal(names, (), salt=salt, words=replace(words, account=word), whole=word != member)
             for word, names in (*others.items(), (member, team))]

    def clean(text: str) -> str:
        for dealt in (people, *later):
            text = pseudonyms.pseudonymise(text, dealt)
        return text

    def cleaned(row: dict[str, Any], texts: Iterable[str], keeps: Iterable[str] = ()) -> dict[str, Any]:
        return {key: clean(row[key]) for key in texts} | {key: row[key] for key in keeps}

    return {
        **{key: facts[key] for key in ("v", "kind", "language", "log")},
        "composed": {"at": facts["composed"]["at"]},
        "case": cleaned(facts["case"], _MANDATE, ("ref", "opened_at")),
        "weighed": cleaned(facts["weighed"], _WEIGHED),
        "findings": [cleaned(row, _FINDING_TEXTS, _FINDING_KEEPS)
                     | {"alternatives": [cleaned(one, _ALTERNATIVE) for one in row["alternatives"]],
                        "citations": [cleaned(one, ["note"], _CITATION_KEEPS) for one in row["citations"]],
                        "subjects": [people.labels[label] for label in row["subjects"]]} for row in facts["findings"]],
        "subjects": sorted(({"label": people.labels[row["label"]], "platform": row["platform"], "role": row["role"],
                             "persona": row["persona"]} for row in facts["subjects"]), key=lambda row: row["label"]),
        "notices": [{"label": row["label"], "platform": row["platform"], "state": row["state"],
                     "sent_at": row["sent_at"], "outcomes": [target["outcome"] for target in row["targets"]]}
                    for row in facts["notices"]],
        "exhibits": [{key: row[key] for key in _EXHIBIT_KEEPS} for row in facts["exhibits"]],
    }


def _texts(facts: dict[str, Any]) -> Iterator[str]:
    yield from (facts["case"][key] for key in _MANDATE)
    yield from (facts["weighed"][key] for key in _WEIGHED)
    for row in facts["findings"]:
        yield from (row[key] for key in _FINDING_TEXTS)
        yield from (one[key] for one in row["alternatives"] for key in _ALTERNATIVE)
        yield from (one["note"] for one in row["citations"])
