"""Two cases with one of everything, for walking all routes: what each address needs to name something that exists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from casework.accounts import claims, linking, notes
from casework.accounts import services as accounts
from casework.accounts.assessments import assess
from casework.campaigns import causes, listings
from casework.campaigns import services as campaigns
from casework.cases.models import Case, Hold
from casework.channels import payments, taskings
from casework.channels import services as channels
from casework.exhibits import disposals, erasures, pieces
from casework.exhibits import services as exhibits
from casework.exhibits.models import Unlocking
from casework.exports.models import Alarm, Stop
from casework.findings import services as findings
from casework.people import services as people
from casework.posts import reading as post_reading
from casework.posts import services as posts
from casework.takedowns import references
from casework.takedowns import services as takedowns
from casework.takedowns.reference_models import Policy, Route
from casework.worklist import notes as memos
from casework.worklist import services as tasks
from evidence.custody.sequencer import sequence
from evidence.derivatives import services as derivatives
from evidence.fixity.models import Damage
from reports.bags.models import Bag
from reports.dossiers import services as dossiers
from tests.factories import Cast, bearer, lodge_capture, make_case, make_cast, sign_in
from tests.weighed import judge, others

TASKED = "Post at eight {}: the port in the delta will feed us all #DeltaPortNow"
# Things whose routes have their names in them.
NAMED = ("claim", "note", "link", "mark", "observation", "unlocking", "stop", "alarm", "hold", "membership", "target",
         "seen")
WEIGHED = {"necessity": "The posts are paid for", "against": "Some may be sincere", "less_intrusive": "Labels"}


@dataclass(frozen=True)
class Things:
    """The case and the keys of what lies in it; numbers within the case are 1 in one's own case, 3 in the foreign."""

    case: Case
    number: int
    membership: int
    assessment: int
    target: int
    proposal: UUID
    damage: int
    event: UUID
    bag: UUID
    disposal: UUID
    hold: int
    position: int
    stop: int
    alarm: int
    upload: UUID
    unlocking: int
    observation: int
    mark: int
    push: int
    seen: int
    claim: int
    note: int
    link: int
    memo: int
    revision: int


class World:
    """`own` has the whole cast; in `foreign` there is only the outsider, as its lead."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.own = self._fill(make_case(self.cast), self.cast.investigator, self.cast.legal, 1, 10)
        foreign = make_case(self.cast, "Another case", by=self.cast.outsider)
        foreign.memberships.exclude(user=self.cast.outsider).update(ended_at=foreign.opened_at)
        self.foreign = self._fill(foreign, self.cast.outsider, self.cast.outsider, 3, 20)
        self.nothing = Things(self.own.case, 999, 987654, 987654, 987654, UUID(int=7), 987654, UUID(int=7),
                              UUID(int=7), UUID(int=7), 987654, 987, 987654, 987654, UUID(int=7), 987654,
                              987654, 987654, 987654, 987654, 987654, 987654,
                              987654, 987654, 987654)
        self.token = people.make_token(self.cast.investigator, "walk", ["read"], 1)[0]
        sign_in(self.cast.investigator)
        self.listing = listings.add(
            authority="Council of Examples", list_name="Example list", organisation="Front for Nothing",
            reference="EX-14", listed_on=date(2025, 2, 1), source_url="https://list.example/ex-14",
            read_on=date(2026, 3, 1), by=self.cast.admin).pk
        self.route = references.add(Route, platforms=["mastodon"], name="Report form", kind="form", by=self.cast.admin)
        self.policy = references.add(Policy, platforms=["mastodon"], name="Be yourself", by=self.cast.admin)
        self.session = self.cast.investigator.sign_ins.get().pk
        self.browsers = {name: sign_in(person) for name, person in self.cast.everybody().items()}
        self.bearers = {name: bearer(person) for name, person in self.cast.everybody().items()}
        self.link = people.invite("sana@example.org", "Sana", by=None)[1]

    def _fill(self, case: Case, worker: Any, composer: Any, number: int, first: int) -> Things:
        for shade in range(first, first + number):
            made = self._one_of_each(case, worker, composer, shade)
        # Behind all other exhibits, whose numbers are those of what lies in the case. One's own case has two exhibits
        # by this, so the foreign one's last thing of each kind is the third.
        # The last one's tasking was handed out in each of these chats.
        lines = f"14/03/2026, 18:05 - Bilal: {TASKED.format(first + number - 1)}\n14/03/2026, 18:06 - Kashif: ok "
        for shade in range(number):
            chat = exhibits.lodge_bytes(case, data=f"{lines}{shade}\n".encode(), name="chat.txt",
                                        claimed_type="text/plain", provenance={}, title="Chat", by=worker).exhibit
            post_reading.read(posts.begin(chat, format="whatsapp", options={"zone": "Asia/Karachi"}, by=worker).pk)
        return made

    def _one_of_each(self, case: Case, worker: Any, composer: Any, shade: int) -> Things:
        # The foreign capture has one part more than one's own.
        more = [("more.txt", b"more")] * (worker == self.cast.outsider)
        lodged = lodge_capture(case, worker, shade, *more)
        derivatives.derive(lodged.item)
        exhibit = lodged.exhibit
        subject = accounts.name_account(case, platform="x", handle=f"lahore_news_{shade}", exhibit=exhibit, by=worker)
        seen = accounts.observe(subject, handle=f"lahore_news_{shade}", exhibit=exhibit, by=worker)
        claim = claims.note(subject, kind="country", text=f"Norland {shade}", exhibit=exhibit, at="2026-10-03",
                            by=worker)
        note = notes.add(subject, bearing="for", text=f"It may be a fan {shade}", by=worker)
        twin = accounts.name_account(case, platform="x", handle=f"lahore_twin_{shade}", exhibit=exhibit, by=worker)
        link = linking.link(subject, other=twin, kind="contact", likelihood="likely", basis=f"One mail address {shade}",
                            exhibits=[exhibit], by=worker)
        basis: dict[str, Any] = {"indicators": ["payment"], "exhibits": [exhibit], "reason": "Paid per post",
                                 "against": "One payment only", "by": worker}
        assess(subject, to_role="participant", **basis)
        subject.refresh_from_db()
        assessment = assess(subject, to_role="knowing", **basis)
        channel = channels.name_channel(case, platform="whatsapp", name=f"Evening posts {shade}", at="2026-10-03",
                                        invite_link=f"https://chat.whatsapp.com/Invited{shade}", exhibit=exhibit,
                                        by=worker)
        tasking = taskings.note(channel, message=TASKED.format(shade), exhibits=[exhibit], by=worker)
        campaign = campaigns.name_campaign(case, title=f"Delta port {shade}", objective="To make it look wanted",
                                           languages="ur", taskings=[tasking], by=worker)
        campaigns.mark(campaign, kind="slogan", text=f"Build it {shade}", exhibit=exhibit, at="2026-10-03", by=worker)
        cause = causes.name_cause(case, title=f"A port of {shade}", by=worker)
        causes.attach(campaign, cause=cause, basis="The tasking asks for it", exhibits=[exhibit], by=worker)
        payments.note(case, amount="180", currency="PKR", method="easypaisa", shows="transfer", exhibits=[exhibit],
                      payee_text=f"Rimsha of {shade}", at="2026-10-03", by=worker)
        finding = findings.write(
            case, kind="payment", title="Posts are paid", claim="The posts were paid for.", method="Read the group",
            likelihood="likely", confidence="low", against="Few payments are seen",
            alternatives=others("Advertising"), exhibits_for=[exhibit], subjects=[subject], by=worker)
        if more:
            finding = judge(finding, by=worker)
        notice = takedowns.draft(case, platform="x", policy="Inauthentic behaviour", text="Please look at this.",
                                 subjects=[subject], by=worker, **WEIGHED)
        tasks.make(case, title="Ask the shop", about="E-001", by=worker)
        memo = memos.write(case, text="The shop has closed", about="E-001", by=worker)
        dossier = dossiers.compose(case, kind="referral", language="en", by=composer, **WEIGHED)
        bag = Bag.objects.create(dossier=dossier, asked_by=composer, asked_at=dossier.composed_at)
        while sequence():
            pass
        proposal = erasures.propose(case, events=[exhibit.event_id], reason="A court ordered it", basis="Order 9",
                                    by=composer)
        disposal = disposals.propose(case, exhibits=[exhibit.label], ground="law", reason="A court ordered it",
                                     basis="Order 10", by=composer)
        hold = Hold.objects.create(case=case, matter="File 11", basis="Order 11", placed_by=composer,
                                   placed_at=dossier.composed_at, lifted_by=composer, lifted_because="Ended",
                                   lifted_at=dossier.composed_at)
        then = dossier.composed_at
        stop = Stop.objects.create(case=case, person=self.cast.media, reason="Too much", stopped_by=composer,
                                   stopped_at=then, lifted_by=composer, lifted_at=then)
        alarm = Alarm.objects.create(case=case, person=self.cast.media, raised_at=then, files=101, size=1,
                                     seen_by=composer, seen_at=then)
        unlocking = Unlocking.objects.create(exhibit=exhibit, item=exhibit.item, person=self.cast.media, state="found",
                                             finding="Test", reason="To look", at=then, until=then, seen_by=composer,
                                             seen_at=then)
        harm = Damage.objects.create(blob=exhibit.item.blob, place="store", problem="gone",
                                     found_at=dossier.composed_at)
        upload = pieces.begin(case, size=10, said_of_it="filename cGFydC5iaW4=", by=worker)
        return Things(case, exhibit.number, case.memberships.order_by("-pk")[0].pk, assessment.pk,
                      notice.targets.get().pk, proposal.id, harm.pk, exhibit.event_id, bag.pk, disposal.id, hold.pk,
                      len(lodged.parts) if more else 1, stop.pk, alarm.pk, upload.pk, unlocking.pk,
                      channel.observations.get(fact="name").pk, campaign.marks.get().pk, campaign.pushes.get().pk,
                      seen.pk, claim.pk, note.pk, link.pk, memo.pk, finding.revision)

    def address(self, route: str, things: Things, **other: Any) -> str:
        """The address of `route` for these things; `other` puts something else in the place of a part."""
        return reverse(route, kwargs={part: other.get(part, self.part(route, part, things))
                                      for part in ROUTES[route]})

    def part(self, route: str, part: str, things: Things) -> Any:
        """What stands in the place of `part` in the address of one of these things."""
        room = route.replace("api:", "")
        if part == "pk":
            if room in {"people:end-session", "session-end"}:
                return self.session
            if "people" in room or "leaving" in room:
                return self.token.pk if "token" in room else self.cast.media.pk
            if "listing" in room:
                return self.listing
            if "worklist" in room or room in {"note-withdraw", "note-seen"}:
                return things.memo
            if {"detach", "cause"} & set(re.split(r"\W", room)):
                return things.push
            return next((getattr(things, name) for name in NAMED if name in room),
                        things.target if "decide" in room else things.assessment)
        if part == "slug":
            return self.policy.key if "policy" in room else self.route.key
        if part == "proposal" and "disposal" in room:
            return things.disposal
        return {"ref": things.case.ref, "number": things.number, "proposal": things.proposal, "damage": things.damage,
                "event": things.event, "position": things.position, "upload": things.upload,
                "bag": things.bag, "revision": things.revision, "token": self.link, "where": "0/000", "key": "x",
                "uidb36": "x"}[part]

    def ask(self, who: str, route: str, method: str, address: str) -> Any:
        client = Client() if who == "nobody" or route.startswith("api:") else self.browsers[who]
        headers = self.bearers[who] if route.startswith("api:") and who != "nobody" else {}
        body: dict[str, Any] = {} if method == "GET" or not route.startswith("api:") else {
            "data": "{}", "content_type": "application/json"}
        return getattr(client, method.lower())(address, headers=headers, **body)


def _walk(patterns: Any, spaces: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns:
        names = (*known, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, inner, names)
        else:
            yield ":".join([*spaces, pattern.name or f"without a name: {pattern.pattern}"]), list(names)


# Every route of the site map → the names of the parts that its address is made with.
ROUTES: dict[str, list[str]] = dict(_walk(get_resolver().url_patterns))
