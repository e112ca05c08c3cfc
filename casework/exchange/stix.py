"""A case as STIX 2.1: campaigns, accounts that take part with each time they were seen, links, reviewed findings as
notes and what speaks against them as opinions.

Ids are UUIDs of version 5: those of accounts as STIX makes them of platform, id and handle, all others of the case and
the label, so that a second file replaces what the first one said. There is no bystander in it, no role that waits for
a second person, no cause, and of the team no name."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from casework.accounts.link_models import AccountLink
from casework.accounts.models import Observation, Subject
from casework.accounts.spelling import fold, phone_keys
from casework.accounts.withheld import Names
from casework.cases.models import Case
from casework.findings.models import Finding
from evidence.tlog import canonical

# The namespace that STIX 2.1 prescribes for objects that are observed (section 2.9), and one of our own.
OBSERVED = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
OWN = uuid.UUID("5f0c8a52-6f0b-5b7e-9f43-2d9c1e7a4b10")
# TLP:AMBER as STIX 2.1 predefines it: for those who were given it, and no further.
AMBER = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
ACCOUNT_TYPES = {"x": "twitter"}
# Scales of STIX 2.1, appendix A: None, Low, Med, High; and of likelihoods the one of DNI.
CONFIDENCE = {"low": 15, "moderate": 50, "high": 85}
LIKELIHOOD = {"almost_no_chance": 5, "very_unlikely": 15, "unlikely": 30, "even": 50, "likely": 70, "very_likely": 85,
              "almost_certain": 95}
Object = dict[str, Any]


def bundle(case: Case, names: Names, at: datetime) -> Iterator[Object]:
    """The objects, each once. `at` is the version of what can be edited."""
    book = _Book(case, names, at)
    yield book.team
    accounts: dict[int, str] = {}
    taking = _taking_part(case)
    seen = _seen(case, taking)
    for family in taking:
        yield from book.account(family, seen.get(family[0].pk, []), accounts)
    yield from book.links(accounts)
    yield from book.campaigns(accounts)
    yield from book.findings(accounts)


def bundle_id(case: Case, at: datetime) -> str:
    return f"bundle--{uuid.uuid5(OWN, f'{settings.BASE_URL}/{case.ref}/bundle/{_time(at)}')}"


def _taking_part(case: Case) -> list[list[Subject]]:
    """Each account once: its subject, and behind it those that were merged into that."""
    rows = list(case.subjects.select_related("account").with_merge().prefetch_related("notes").order_by("number"))
    families = {one.number: [one] for one in rows if not one.into}
    for one in rows:
        if one.into:
            families[one.into].append(one)
    return [family for family in families.values() if family[0].role != Subject.Role.BYSTANDER]


def _seen(case: Case, taking: list[list[Subject]]) -> dict[int, list[Observation]]:
    """What exhibits of the case that stand show of each account, by its subject, in the order of their times."""
    whose = {one.account_id: family[0].pk for family in taking for one in family}
    found: dict[int, list[Observation]] = {}
    rows = Observation.objects.standing().filter(exhibit__case=case, account__in=list(whose))
    for one in rows.select_related("exhibit__item").order_by("observed_at", "pk"):
        found.setdefault(whose[one.account_id], []).append(one)
    return found


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _moment(moment: datetime) -> str:
    """Of what was seen; unlike a version it has no more digits than there are."""
    fraction = f".{moment.microsecond:06d}".rstrip("0").rstrip(".")
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}{fraction}Z"


class _Book:
    """Makes the objects of one case."""

    def __init__(self, case: Case, names: Names, at: datetime):
        self.case, self.names, self.at = case, names, at
        self.team: Object = {
            "type": "identity", "spec_version": "2.1", "id": self._id("identity", "team"),
            "created": _time(case.opened_at), "modified": _time(case.opened_at), "identity_class": "group",
            "name": f"The team of case {case.ref}", "object_marking_refs": [AMBER]}

    def account(self, family: list[Subject], seen: list[Observation], accounts: dict[int, str]) -> Iterator[Object]:
        """An account under each handle that an exhibit shows, each time it was seen, and its role. The one that was
        seen last goes into `accounts` under the subject's key, and those of what was merged into it."""
        made: set[str] = set()
        subject = family[0]
        for one in seen:
            found = self._user_account(subject, one)
            if found["id"] not in made:
                made.add(found["id"])
                yield found
            accounts |= {each.pk: found["id"] for each in family}
            yield self._new("observed-data", f"{subject.label}/seen/{one.pk}", one.observed_at, one.observed_at,
                            first_observed=_moment(one.observed_at), last_observed=_moment(one.observed_at),
                            number_observed=1, object_refs=[found["id"]],
                            external_references=self._shown_by([one.exhibit]))
        if seen:
            yield self._role(family, accounts[subject.pk])

    def _user_account(self, subject: Subject, seen: Observation) -> Object:
        # A telephone's number is in the exhibit, and in no list.
        user_id, login, name = ("" if phone_keys(fold(one).text) else one for one in (
            subject.account.stable_id, seen.handle, seen.display_name))
        told = {"account_type": ACCOUNT_TYPES.get(subject.account.platform, subject.account.platform),
                "user_id": user_id, "account_login": login}
        said = {name: value for name, value in told.items() if value}
        own = uuid.uuid5(OWN, self._key(subject.label))
        key = uuid.uuid5(OBSERVED, canonical.encode(said).decode()) if len(said) > 1 else own
        shown = {"display_name": name} if name else {}
        return {"type": "user-account", "spec_version": "2.1", "id": f"user-account--{key}", **said, **shown,
                "object_marking_refs": [AMBER]}

    def _role(self, family: list[Subject], account: str) -> Object:
        subject = family[0]
        told = sorted((note for one in family for note in one.notes.all()), key=lambda note: note.pk)
        for_it = [f"For it: {note.text}" for note in told if note.bearing == "for" and note.withdrawn_at is None]
        text = "\n".join([f"Role in the case, as assessed: {subject.role}.", *for_it])
        return self._new("note", f"{subject.label}/role", subject.named_at, self.at, object_refs=[account],
                         abstract=f"Role of {subject.label}", content=self.names.text(text))

    def links(self, accounts: dict[int, str]) -> Iterator[Object]:
        rows = AccountLink.objects.filter(case=self.case, subject__in=accounts, other__in=accounts).standing()
        for one in rows.prefetch_related("exhibits__item").order_by("pk"):
            if accounts[one.subject_id] == accounts[one.other_id]:
                continue  # Between two that were merged since.
            yield self._new("relationship", f"link/{one.pk}", one.recorded_at, one.recorded_at,
                            relationship_type="related-to", source_ref=accounts[one.subject_id],
                            target_ref=accounts[one.other_id], confidence=LIKELIHOOD[one.likelihood],
                            description=f"{one.kind}: {self.names.text(one.basis)}",
                            external_references=self._shown_by(one.exhibits.all()))

    def campaigns(self, accounts: dict[int, str]) -> Iterator[Object]:
        rows = self.case.campaigns.standing().with_span().prefetch_related("taskings")
        for one in rows.order_by("number"):
            span = {name: _moment(moment) for name, moment in (("first_seen", one.first), ("last_seen", one.last))
                    if moment}
            made = self._new("campaign", one.label, one.recorded_at, self.at, name=self.names.text(one.title),
                             objective=self.names.text(one.objective), **span)
            yield made
            handed = {task.handed_out_by_id for task in one.taskings.all() if not task.withdrawn_at}
            for account in sorted({accounts[key] for key in handed if key in accounts}):
                yield self._new("relationship", f"{one.label}/handed-out/{account}", one.recorded_at, self.at,
                                relationship_type="related-to", source_ref=account, target_ref=made["id"],
                                description="Handed out a tasking of the campaign.")

    def findings(self, accounts: dict[int, str]) -> Iterator[Object]:
        """Reviewed ones alone. What speaks against one, and each other explanation, is an opinion on it."""
        rows = self.case.findings.told().filter(state=Finding.State.REVIEWED)
        for one in rows.prefetch_related("subjects", "citations__exhibit__item").order_by("number"):
            about = list(dict.fromkeys(accounts[subject.pk] for subject in one.subjects.all()
                                       if subject.pk in accounts))
            sure = {"confidence": CONFIDENCE[one.confidence]} if one.confidence else {}
            cited = [cite.exhibit for cite in one.citations.all()]
            techniques = [{"source_name": "DISARM Red", "external_id": tag} for tag in one.tagged]
            note = self._new(
                "note", one.label, one.written_at, self.at, abstract=self.names.text(one.title),
                content=self.names.text(f"{one.claim}\n\nKind: {one.kind}. Likelihood: {one.likelihood}.\n\nMethod: "
                                        f"{one.method}"),
                object_refs=about or [self.team["id"]], **sure,
                external_references=[*self._shown_by(cited), *techniques])
            yield note
            others = [f"Another explanation: {other['hypothesis']}. Why it is less likely: {other['why']}"
                      for other in one.others]
            for place, text in enumerate([one.against, *others]):
                yield self._new("opinion", f"{one.label}/against/{place}", one.written_at, self.at, opinion="disagree",
                                explanation=self.names.text(text), object_refs=[note["id"]])

    def _new(self, kind: str, name: str, created: datetime, modified: datetime, /, **more: Any) -> Object:
        refs = {key: value for key, value in more.items() if value not in ("", [], None)}
        return {"type": kind, "spec_version": "2.1", "id": self._id(kind, name), "created_by_ref": self.team["id"],
                "created": _time(created), "modified": _time(max(created, modified)), **refs,
                "object_marking_refs": [AMBER]}

    def _shown_by(self, exhibits: Iterable[Any]) -> list[dict[str, str]]:
        return [{"source_name": "exhibit", "external_id": f"{self.case.ref}/{one.label}",
                 "description": f"SHA-256 {one.item.blob_id}"}
                for one in sorted(exhibits, key=lambda one: one.number) if one.withdrawn_at is None]

    def _key(self, name: str) -> str:
        return f"{settings.BASE_URL}/{self.case.ref}/{name}"

    def _id(self, kind: str, name: str) -> str:
        return f"{kind}--{uuid.uuid5(OWN, self._key(name))}"
