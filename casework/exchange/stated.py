"""The tables of what was said of accounts, channels and campaigns one by one, of exhibits, notes and unread lines."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from casework.access import Action
from casework.accounts.claim_models import PlatformClaim
from casework.accounts.models import Assessment
from casework.accounts.statement_models import LocationAssessment, PersonaStatement, SubjectNote
from casework.accounts.withheld import WITHHELD, Names
from casework.campaigns.models import Mark
from casework.cases.models import Case
from casework.channels.models import ChannelObservation
from casework.exchange.kinds import AT_ONCE, DATED, Kind, Row, dated, moment, standing
from casework.posts.models import Unread


def _claims(case: Case, names: Names) -> Iterator[Row]:
    numbers = {one.account_id: one for one in case.subjects.all()}
    rows = PlatformClaim.objects.standing().filter(exhibit__case=case, exhibit__withdrawn_at=None)
    for one in rows.select_related("exhibit", "recorded_by").order_by("at", "pk").iterator(AT_ONCE):
        subject = numbers.get(one.account_id)
        hidden = subject is None or subject.pk in names.hidden
        yield {"subject": subject.label if subject else "", "kind": one.kind, "text": WITHHELD if hidden else one.text,
               **dated(one), "exhibit": one.exhibit.label, "recorded_by": str(one.recorded_by)}


def _personas(case: Case, names: Names) -> Iterator[Row]:
    """Also those that another has replaced since: the last one of a subject stands."""
    rows = PersonaStatement.objects.filter(subject__case=case).select_related("subject", "stated_by")
    for one in rows.prefetch_related("exhibits").order_by("subject__number", "pk").iterator(AT_ONCE):
        yield {"subject": one.subject.label, "persona": one.persona, "basis": names.text(one.basis),
               "exhibits": standing(one.exhibits.all()), "stated_by": str(one.stated_by),
               "stated_at": moment(one.stated_at)}


def _locations(case: Case, names: Names) -> Iterator[Row]:
    rows = LocationAssessment.objects.filter(subject__case=case).select_related("subject", "stated_by")
    for one in rows.prefetch_related("exhibits").order_by("subject__number", "pk").iterator(AT_ONCE):
        hidden = one.subject_id in names.hidden and one.place
        yield {"subject": one.subject.label, "place": WITHHELD if hidden else one.place, "likelihood": one.likelihood,
               "basis": names.text(one.basis), "exhibits": standing(one.exhibits.all()),
               "stated_by": str(one.stated_by), "stated_at": moment(one.stated_at)}


def _assessments(case: Case, names: Names) -> Iterator[Row]:
    """With those that were returned or wait: `state` says so."""
    rows = Assessment.objects.filter(subject__case=case).select_related("subject", "proposed_by", "decided_by")
    for one in rows.prefetch_related("exhibits").order_by("subject__number", "pk").iterator(AT_ONCE):
        yield {"subject": one.subject.label, "from_role": one.from_role, "to_role": one.to_role, "state": one.state,
               "indicators": one.indicators, "reason": names.text(one.reason),
               "against": names.text(one.against), "exhibits": standing(one.exhibits.all()),
               "proposed_by": str(one.proposed_by), "proposed_at": moment(one.proposed_at),
               "decided_by": str(one.decided_by or ""), "decided_at": moment(one.decided_at),
               "decision_note": names.text(one.decision_note)}


def _grounds(case: Case, names: Names) -> Iterator[Row]:
    rows = SubjectNote.objects.standing().filter(subject__case=case).select_related("subject", "recorded_by")
    for one in rows.prefetch_related("exhibits").order_by("subject__number", "pk").iterator(AT_ONCE):
        yield {"subject": one.subject.label, "bearing": one.bearing, "text": names.text(one.text),
               "exhibits": standing(one.exhibits.all()), "recorded_by": str(one.recorded_by),
               "recorded_at": moment(one.recorded_at)}


def _facts(case: Case, names: Names) -> Iterator[Row]:
    rows = ChannelObservation.objects.standing().filter(channel__case=case, exhibit__withdrawn_at=None)
    told = rows.select_related("channel", "subject", "became", "exhibit")
    for one in told.order_by("channel__number", "at", "pk").iterator(AT_ONCE):
        admin = one.fact == ChannelObservation.Fact.ADMIN
        yield {"channel": one.channel.label, "fact": one.fact, **dated(one),
               "text": names.whom(one.subject, one.text) if admin else names.text(one.text),
               "members": "" if one.members is None else one.members,
               "became": one.became.label if one.became else "", "exhibit": one.exhibit.label}


def _marks(case: Case, names: Names) -> Iterator[Row]:
    rows = Mark.objects.standing().filter(campaign__case=case, campaign__withdrawn_at=None, exhibit__withdrawn_at=None)
    for one in rows.select_related("campaign", "exhibit").order_by("campaign__number", "at", "pk").iterator(AT_ONCE):
        yield {"campaign": one.campaign.label, "kind": one.kind,
               "text": names.text(one.text), **dated(one),
               "exhibit": one.exhibit.label}


def _exhibits(case: Case, names: Names) -> Iterator[Row]:
    """With those that were withdrawn, marked: their numbers are missed otherwise."""
    for one in case.exhibits.select_related("item__blob", "lodged_by").order_by("number").iterator(AT_ONCE):
        said = one.item.provenance
        shown = {name: str(said.get(name, "")) for name in ("url", "handle")}
        named = names.takes_part(shown["handle"]) and not one.withdrawn_at
        yield {"label": one.label, "title": names.text(one.title), "note": names.text(one.note),
               "sensitive": one.sensitive, "sha256": one.item.blob_id, "bytes": one.item.blob.size,
               "media_type": one.item.media_type, "acquisition": one.item.acquisition,
               "platform": said.get("platform", ""), "captured_at": said.get("captured_at", ""),
               **{name: text if named else WITHHELD if text else "" for name, text in shown.items()},
               "lodged_by": str(one.lodged_by), "lodged_at": moment(one.lodged_at), "leaf_hash": one.leaf_hash,
               "withdrawn_at": moment(one.withdrawn_at)}


def _notes(case: Case, names: Names) -> Iterator[Row]:
    rows = case.notes.standing().select_related("recorded_by").prefetch_related("mentions__person")
    for one in rows.order_by("recorded_at", "pk").iterator(AT_ONCE):
        yield {"about": one.about, "text": names.text(one.text), "recorded_by": str(one.recorded_by),
               "recorded_at": moment(one.recorded_at),
               "told": ", ".join(sorted(str(mention.person) for mention in one.mentions.all()))}


def _unread(case: Case, names: Names) -> Iterator[Row]:
    rows = Unread.objects.filter(case=case).standing().select_related("source__exhibit")
    for one in rows.order_by("source_id", "position").iterator(AT_ONCE):
        yield {"import": one.source.label, "exhibit": one.source.exhibit.label, "sha256": one.source.sha256,
               "member": WITHHELD if one.member else "", "start": one.start, "end": one.end, "line": one.line,
               "reason": one.reason}


KINDS: dict[str, Kind] = {
    "exhibits": Kind(_("Exhibits"), Action.EXHIBIT_READ, (
        "label", "title", "note", "sensitive", "sha256", "bytes", "media_type", "acquisition", "platform",
        "captured_at", "url", "handle", "lodged_by", "lodged_at", "leaf_hash", "withdrawn_at"), _exhibits),
    "claims": Kind(_("What platforms say of accounts"), Action.ACCOUNT_READ, (
        "subject", "kind", "text", *DATED, "exhibit", "recorded_by"), _claims),
    "personas": Kind(_("Personas"), Action.ACCOUNT_READ, (
        "subject", "persona", "basis", "exhibits", "stated_by", "stated_at"), _personas),
    "locations": Kind(_("Assessed places"), Action.ACCOUNT_READ, (
        "subject", "place", "likelihood", "basis", "exhibits", "stated_by", "stated_at"), _locations),
    "assessments": Kind(_("Role assessments"), Action.ACCOUNT_READ, (
        "subject", "from_role", "to_role", "state", "indicators", "reason", "against", "exhibits", "proposed_by",
        "proposed_at", "decided_by", "decided_at", "decision_note"), _assessments),
    "grounds": Kind(_("What speaks for and against accounts"), Action.ACCOUNT_READ, (
        "subject", "bearing", "text", "exhibits", "recorded_by", "recorded_at"), _grounds),
    "facts": Kind(_("Facts of channels"), Action.CHANNEL_READ, (
        "channel", "fact", *DATED, "text", "members", "became", "exhibit"), _facts),
    "marks": Kind(_("Hashtags and slogans of campaigns"), Action.CAMPAIGN_READ, (
        "campaign", "kind", "text", *DATED, "exhibit"), _marks),
    "unread": Kind(_("Lines that were not understood"), Action.POST_READ, (
        "import", "exhibit", "sha256", "member", "start", "end", "line", "reason"), _unread),
    "notes": Kind(_("Notes"), Action.TASK_READ, ("about", "text", "recorded_by", "recorded_at", "told"), _notes),
}
