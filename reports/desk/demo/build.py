"""The demo case, told through the same services that people use: real files in, hashed, archived, a dossier out."""

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from casework.accounts import services as accounts
from casework.accounts.models import Assessment, Subject
from casework.cases import keeping
from casework.cases import services as cases
from casework.cases.models import Case
from casework.exhibits import moments
from casework.exhibits import services as exhibits
from casework.exhibits.models import Exhibit, items_of
from casework.findings import services as findings
from casework.findings import sources, tags
from casework.findings.content import JUDGED
from casework.findings.models import Finding
from casework.people import services as people
from casework.people.models import User
from casework.takedowns import services as takedowns
from casework.takedowns import shipped
from casework.takedowns.models import Notice, Target
from evidence.custody import checkpoints
from evidence.custody.models import Event
from evidence.intake.models import Item, Step
from evidence.intake.services import Arrival
from evidence.store import services as store
from reports.desk.demo import chat, errands, groups, posts, profiles, texts, trends
from reports.desk.demo.shots import SHOTS
from reports.desk.demo.story import NEWS, PEOPLE, PLACE, WOMAN, Shot, answer_shot, captured_page_shot, suspended_shot
from reports.dossiers import services as dossiers
from reports.dossiers.blockers import blockers
from reports.dossiers.models import Dossier

Say = Callable[[str], None]
Cast = dict[str, User]
Shown = dict[str, Exhibit]


def password() -> str:
    """The one password of the demo's invented people: random, kept in CASEWORK_HOME/demo-password (0600)."""
    kept = Path(settings.CASEWORK_HOME) / "demo-password"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text("-".join(secrets.token_hex(2) for _ in range(5)))
    return kept.read_text()


@transaction.atomic
def make(say: Say) -> Case:
    """The whole case up to its dossiers, or nothing at all: a second try begins from an empty house."""
    cast = make_people()
    say(f"{len(cast)} people")
    case = cases.open_case(by=cast["lead"], **texts.CASE)
    for name, _, role in PEOPLE:
        if role and name != "lead":
            cases.add_member(case, user=cast[name], role=role, by=cast["lead"])
    keeping.set_retention(case, days=texts.RETENTION_DAYS, basis=texts.RETENTION_BASIS, by=cast["legal"])
    shown = {shot.key: lodge(case, shot, by=cast["investigator"]) for shot in SHOTS}
    say(f"{len(shown)} screenshots lodged in {case.ref}")
    lodge_captured_page(case, by=cast["investigator"])
    say("one captured page lodged with its source")
    subjects = name_subjects(case, shown, cast)
    channels = groups.name_channels(case, shown, subjects, by=cast["investigator"])
    told = groups.note_taskings(channels, shown, subjects, by=cast["investigator"])
    groups.note_payments(case, told, shown, subjects, by=cast["investigator"])
    trends.name_campaigns(case, told, shown, by=cast["investigator"])
    trends.write_listing(by=cast["admin"])
    say("channels named, taskings and payments noted, campaigns and causes named")
    write_findings(case, shown, subjects, cast)
    say("accounts named, findings written and reviewed")
    # The worker does it too; whichever is first.
    shipped.load()
    send_notice(case, shown, subjects, cast)
    say("takedown notice sent and answered")
    imported = chat.import_chat(case, by=cast["investigator"])
    found = posts.import_posts(case, by=cast["investigator"])
    say(f"one chat imported, {imported.kept} rows; one table of posts, {found.kept} rows")
    errands.set_tasks(case, cast)
    errands.write_notes(case, cast)
    say("tasks set, notes written")
    return case


def make_people() -> Cast:
    cast: Cast = {}
    inviter: User | None = None
    for name, shown, role in sorted(PEOPLE, key=lambda row: row[0] != "admin"):
        _, link = people.invite(f"{name}@demo.example", shown, by=inviter, administrator=not role)
        cast[name] = people.accept(link, password())
        inviter = inviter or cast[name]
    return cast


def lodge(case: Case, shot: Shot, *, by: User) -> Exhibit:
    """One screenshot, with the provenance that an investigator would give."""
    provenance = {
        "source_url": shot.url,
        "platform": shot.platform,
        "handle": shot.handle,
        "received_from": shot.received_from,
        "captured_at": moments.written(shot.captured),
        "captured_with": "Android phone, screenshot",
        "note": shot.note,
    }
    return lodge_picture(case, f"{shot.key}.png", shot.title, shot.draw(), provenance, by=by)


def lodge_picture(case: Case, name: str, title: str, data: bytes, provenance: dict[str, Any], *, by: User) -> Exhibit:
    return exhibits.lodge_bytes(
        case,
        data=data,
        name=name,
        claimed_type="image/png",
        acquisition=Item.Acquisition.FILE,
        provenance={key: value for key, value in provenance.items() if value},
        title=title,
        by=by,
    ).exhibit


def lodge_captured_page(case: Case, *, by: User) -> Exhibit:
    """A page as a picture and as its source, together. How the clock was synchronised nobody wrote down."""
    files = [("page.png", "image/png", captured_page_shot()), ("page.html", "text/html", texts.PAGE_SOURCE.encode())]
    with ExitStack() as stack:
        arrivals = []
        for name, claimed_type, data in files:
            incoming = stack.enter_context(store.begin())
            incoming.write(data)
            arrivals.append(Arrival(incoming, name, texts.PAGE_CAME, claimed_type=claimed_type))
        return exhibits.lodge_capture(case, arrivals, [""] * len(files), title=texts.PAGE_TITLE, by=by).exhibit


def name_subjects(case: Case, shown: Shown, cast: Cast) -> dict[str, Subject]:
    """Four accounts, an ordinary user, who stays a bystander, and one of the four again, which is merged."""
    by = cast["investigator"]
    named: dict[str, Subject] = {}
    for key, handle, name, stable, exhibit in texts.ACCOUNTS:
        named[key] = accounts.name_account(
            case,
            platform="whatsapp" if key in ("organiser", "again") else "x",
            handle=handle,
            stable_id=stable,
            display_name=name,
            exhibit=shown[exhibit],
            address=shown[exhibit].item.provenance.get("source_url", ""),
            by=by,
        )
    profiles.describe(named, shown, by)
    for key in ("woman", "news", "place"):
        accounts.assess(
            named[key],
            to_role=Subject.Role.PARTICIPANT,
            by=by,
            reason=texts.PARTICIPANT_REASON,
            against=texts.PARTICIPANT_AGAINST,
            indicators=[Assessment.Indicator.COORDINATION, Assessment.Indicator.FALSE_IDENTITY],
            exhibits=[shown["task-en"], shown["woman-en"], shown["news-en"], shown["place-en"]],
        )
    assess_organiser(named["organiser"], shown, cast)
    return {key: Subject.objects.get(pk=subject.pk) for key, subject in named.items()}


def assess_organiser(subject: Subject, shown: Shown, cast: Cast) -> None:
    """Up the whole ladder on what the group shows; the two upper steps with a second person."""
    for role in (Subject.Role.PARTICIPANT, Subject.Role.KNOWING, Subject.Role.ORGANISER):
        step = accounts.assess(
            subject,
            to_role=role,
            by=cast["investigator"],
            reason=texts.ORGANISER_REASON,
            against=texts.ORGANISER_AGAINST,
            indicators=[Assessment.Indicator.INSTRUCTION, Assessment.Indicator.PAYMENT],
            exhibits=[shown["rules"], shown["task-en"], shown["paid-1"]],
        )
        if role != Subject.Role.PARTICIPANT:
            accounts.confirm(step, by=cast["reviewer"])
        subject.refresh_from_db()


def write_findings(case: Case, shown: Shown, subjects: dict[str, Subject], cast: Cast) -> list[Finding]:
    """Three that are reviewed, and one that waits for it."""
    author = cast["investigator"]
    written = [write_finding(case, words, shown, subjects, by=author) for words in texts.FINDINGS]
    for finding in written:
        findings.review(finding, by=cast["reviewer"])
    write_finding(case, texts.OPEN_FINDING, shown, subjects, by=author)
    return written


def write_finding(case: Case, told: tuple[dict[str, Any], list[str], list[str], list[str]], shown: Shown,
                  subjects: dict[str, Subject], *, by: User) -> Finding:
    """Written, its sources judged, and given to review."""
    words, supports, opposes, about = told
    finding = findings.write(
        case,
        by=by,
        exhibits_for=[shown[key] for key in supports],
        exhibits_against=[shown[key] for key in opposes],
        subjects=[subjects[key] for key in about],
        **words,
    )
    judged = {shown[key].label: dict(zip(JUDGED, texts.SOURCES.get(key, texts.POST_SHOWN), strict=True))
              for key in (*supports, *opposes)}
    sources.judge(finding, sources=judged, by=by)
    tags.tag(finding, techniques=texts.TECHNIQUES[words["title"]], by=by)
    return findings.submit(finding, by=by)


def send_notice(case: Case, shown: Shown, subjects: dict[str, Subject], cast: Cast) -> Notice:
    """Drafted by the takedown officer, reviewed by another, sent, acknowledged, answered target by target."""
    officer = cast["takedown"]
    notice = takedowns.draft(case, by=officer, **texts.NOTICE)
    cited = {
        WOMAN: ["woman-en", "profile-woman", "profile-renamed"],
        NEWS: ["news-en", "profile-news"],
        PLACE: ["place-en", "profile-place"],
    }
    targets: dict[str, Target] = {}
    for key, (who, keys) in zip(("woman", "news", "place"), cited.items(), strict=True):
        targets[key] = takedowns.add_target(
            notice, kind=Target.Kind.ACCOUNT, subject=subjects[key], url=f"https://x.com/{who[1]}",
            exhibits=[shown[name] for name in keys], by=officer)
    takedowns.submit(notice, by=officer)
    takedowns.approve(notice, by=cast["reviewer"])
    takedowns.send(notice, by=officer)
    takedowns.acknowledge(notice, reference="X-4471-2026", by=officer)
    now = moments.written(timezone.now())
    answer = lodge_picture(
        case,
        "answer.png",
        "The platform's answer",
        answer_shot("X-4471-2026"),
        {"platform": "x", "captured_at": now, "received_from": "The platform, by mail"},
        by=officer,
    )
    gone = lodge_picture(
        case,
        "suspended.png",
        "The account after the answer",
        suspended_shot(),
        {"platform": "x", "source_url": f"https://x.com/{WOMAN[1]}", "captured_at": now},
        by=officer,
    )
    accounts.observe(subjects["woman"], handle=WOMAN[1], exhibit=gone, status="suspended", by=cast["investigator"])
    for key, outcome, wording in texts.OUTCOMES:
        takedowns.decide(targets[key], outcome=outcome, wording=wording, answer_exhibit=answer, by=officer)
    return notice


def make_dossiers(case: Case, *, until: float) -> Dossier:
    """A referral, composed by legal, approved by the reviewer and sealed; a briefing that waits for review.

    The worker archives, signs and renders. What is not ready at `until` (monotonic seconds) stays for people."""
    cast = {name: User.objects.get(email=f"{name}@demo.example") for name, _, role in PEOPLE if role}
    _wait(until, lambda: not _waits_for_worker(case))
    referral = dossiers.compose(case, kind=Dossier.Kind.REFERRAL, language="en", by=cast["legal"], **texts.DOSSIER)
    dossiers.submit(referral, by=cast["legal"])
    dossiers.approve(referral, by=cast["reviewer"])
    briefing = dossiers.compose(case, kind=Dossier.Kind.BRIEFING, language="ur", by=cast["media"], **texts.BRIEFING)
    dossiers.submit(briefing, by=cast["media"])
    _wait(until, lambda: not _waits_for_worker(case))
    if not blockers(referral):
        dossiers.seal(referral, by=cast["legal"])
        ended = (Dossier.State.SEALED, Dossier.State.FAILED)
        _wait(until, lambda: Dossier.objects.filter(pk=referral.pk, state__in=ended).exists())
    return Dossier.objects.get(pk=referral.pk)


def _waits_for_worker(case: Case) -> bool:
    """Whether hashing, archiving or a checkpoint over all of it is still to come."""
    waiting = Step.objects.filter(item__in=items_of(case), state=Step.State.PENDING).exists()
    latest = checkpoints.latest()
    return waiting or latest is None or latest.size < Event.objects.count()


def _wait(until: float, done: Callable[[], bool]) -> None:
    while not done() and time.monotonic() < until:
        time.sleep(0.5)
