"""Imports of lodged exports, the messages and posts that were read, and what was not understood."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import MD5, Left, Length
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from casework.access import CaseScoped
from casework.posts import normal, states
from evidence.jail.exports import formats, records

INDEXED = 64


class Format(models.TextChoices):
    WHATSAPP = "whatsapp", _("WhatsApp chat (.txt)")
    TELEGRAM = "telegram", _("Telegram Desktop (result.json)")
    XARCHIVE = "xarchive", _("Archive of an account of X")
    ZEESCHUIMER = "zeeschuimer", _("Zeeschuimer capture")
    FOURCAT = "fourcat", _("4CAT data set")
    TABLE = "table", _("Table (CSV)")
    SHEET = "sheet", _("Workbook (XLSX)")


class ImportQuerySet(CaseScoped):
    def standing(self) -> Self:
        """Those that were read to the end, and of which nobody withdrew the import or its exhibit."""
        return self.filter(state=Import.State.READ, withdrawn_at=None, exhibit__withdrawn_at=None,
                           exhibit__item__tombstone=None)

    def taking_place(self) -> Self:
        """Those that stand, and those that may yet."""
        return self.filter(withdrawn_at=None).exclude(state=Import.State.STOPPED)


class Import(models.Model):
    """One reading of one exhibit, numbered I-001 in its case: what a person said of it, and how far it has come.

    The state lives here; a message only wakes the work. `rows_sha256` is a chain over all rows so far
    (casework.posts.rows), so that they can be held against what the custody log says of them."""

    class State(models.TextChoices):
        WAITING = states.WAITING, _("Waiting")
        READING = states.READING, _("Being read")
        READ = states.READ, _("Read to the end")
        STOPPED = states.STOPPED, _("Stopped")

    case = models.ForeignKey("casework.Case", on_delete=models.PROTECT, related_name="imports")
    number = models.PositiveIntegerField(help_text="I-001 within the case")
    exhibit = models.ForeignKey("casework.Exhibit", on_delete=models.PROTECT, related_name="imports")
    sha256 = models.CharField(max_length=64, help_text="of the bytes that are read")
    format = models.CharField(max_length=12, choices=Format.choices)
    part = models.TextField(blank=True, help_text="the members that are read, a line each; empty: the file, or all")
    zone = models.CharField(max_length=64, blank=True, help_text=(
        "an IANA name; `unknown` where nobody can say; empty where none is needed"))
    options = models.JSONField(help_text="exactly what a person said to the reader (docs/exports.md)")
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    kept = models.PositiveBigIntegerField(default=0, help_text="rows so far")
    place = models.BigIntegerField(default=0, help_text="the byte behind the last row, of its member")
    rows_sha256 = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="since a row was kept last")
    due_at = models.DateTimeField(help_text="not tried again before")
    whole = models.JSONField(null=True, help_text="what the reader counted over the whole")
    problem = models.TextField(blank=True, help_text="why it stopped")
    asks = models.JSONField(null=True, help_text="what somebody has to say first, and what is known of it")
    ended_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)
    cleared_at = models.DateTimeField(null=True, help_text="its rows went with the bytes, which were disposed of")

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="one_import_per_number"),
            models.UniqueConstraint("exhibit", "format", MD5("part"), name="one_import_of_the_same",
                                    condition=Q(withdrawn_at=None) & ~Q(state=states.STOPPED)),
            models.CheckConstraint(name="import_words_known", condition=Q(
                state__in=[states.WAITING, states.READING, states.READ, states.STOPPED],
                format__in=formats.FORMATS)),
            models.CheckConstraint(name="read_import_has_its_totals", condition=(
                Q(state=states.READ, whole__isnull=False, ended_at__isnull=False)
                | (~Q(state=states.READ) & Q(whole__isnull=True)))),
            models.CheckConstraint(name="stopped_import_says_why", condition=(
                (Q(state=states.STOPPED, ended_at__isnull=False) & ~Q(problem=""))
                | (~Q(state=states.STOPPED) & Q(problem="", asks__isnull=True)))),
            models.CheckConstraint(name="import_withdrawn_with_a_reason", condition=(
                Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")))),
        ]
        indexes = [models.Index(fields=["due_at"], name="imports_waiting",
                                condition=Q(state__in=[states.WAITING, states.READING]))]

    def __str__(self) -> str:
        return f"{self.case.ref}/{self.label}"

    @property
    def label(self) -> str:
        return f"I-{self.number:03d}"

    @property
    def word(self) -> str:
        """What the custody log calls it."""
        return f"import/{self.case.ref}/{self.label}"

    @property
    def resolution(self) -> str:
        """How exactly its times are taken at most: `minute` or `day`; empty: as they are written."""
        return str(self.options.get("resolution", ""))

    @property
    def members(self) -> list[str]:
        return self.part.split("\n") if self.part else []

    @property
    def ended(self) -> bool:
        return self.state in (states.READ, states.STOPPED)


class RowQuerySet(CaseScoped):
    def standing(self) -> Self:
        """Rows of imports that stand: those of others are shown in no list, and show nothing."""
        return self.filter(source__state=states.READ, source__withdrawn_at=None,
                           source__exhibit__withdrawn_at=None, source__exhibit__item__tombstone=None)


class Row(models.Model):
    """One record of an export, which cites the bytes that it is. Insert-only."""

    # The database takes rows of an import that is being read, under its own case (migrations/guards.sql): asked once
    # for a batch, where two keys would be asked for each row.
    case = models.ForeignKey("casework.Case", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False,
                             related_name="+")
    source = models.ForeignKey(Import, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False,
                               related_name="%(class)ss")
    position = models.PositiveBigIntegerField(help_text="among all records of the export, from 1")
    member = models.TextField(blank=True, help_text="of the archive; empty where it is none")
    start = models.BigIntegerField(help_text="the first byte, of the member unpacked")
    end = models.BigIntegerField(help_text="the byte behind the last")
    line = models.BigIntegerField(help_text="in which it begins, from 1; of a sheet the row")
    at_text = models.TextField(blank=True, help_text="the time as written")
    text = models.TextField(blank=True)
    raw = models.JSONField(default=dict, help_text="what the format gives more")

    objects = RowQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["source", "position"], name="one_%(class)s_per_position"),
        ]


class Post(Row):
    """A message, a notice of the platform's own, or a post."""

    class Kind(models.TextChoices):
        MESSAGE = "message", _("Message")
        SYSTEM = "system", _("Notice of the platform")
        POST = "post", _("Post")

    kind = models.CharField(max_length=7, choices=Kind.choices)
    local = models.CharField(max_length=19, blank=True, help_text="of a clock whose zone the export does not say")
    at = models.DateTimeField(null=True, help_text="UTC")
    resolution = models.CharField(max_length=6, blank=True)
    sender = models.TextField(blank=True)
    sender_id = models.TextField(blank=True)
    attachments = models.JSONField(default=list, help_text="name, whether the archive holds it, bytes")
    system_act = models.CharField(max_length=7, blank=True)
    post_id = models.TextField(blank=True)
    url = models.TextField(blank=True)
    counts = models.JSONField(default=dict)
    marks = ArrayField(models.CharField(max_length=16), default=list)
    # Made of the text and no part of what the custody log is held against: rows.canonical leaves it out.
    text_key = models.BinaryField(null=True, help_text="posts.normal.key of the text; none of a notice or of no text")

    class Meta(Row.Meta):
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(name="post_cites_bytes", condition=Q(
                position__gte=1, line__gte=1, start__gte=0, start__lt=F("end"))),
            models.CheckConstraint(name="post_words_known", condition=Q(
                kind__in=["message", "system", "post"], resolution__in=records.RESOLUTIONS,
                system_act__in=records.ACTS, marks__contained_by=list(records.MARKS))),
            models.CheckConstraint(name="post_time_has_a_resolution", condition=(
                Q(at=None, local="") | ~Q(resolution=""))),
            models.CheckConstraint(name="post_text_key_is_one", condition=(
                Q(text_key=None) | (Q(Exact(Length("text_key"), normal.LENGTH)) & ~Q(kind="system")))),
        ]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="posts_in_time"),
            # A name of a table may be as long as a page, which no index takes whole.
            models.Index("case", Left("sender", INDEXED), name="posts_of_a_sender"),
            models.Index(fields=["case", "text_key", "at"], name="posts_of_a_text",
                         condition=Q(text_key__isnull=False)),
        ]

    @property
    def label(self) -> str:
        """I-001/17."""
        return f"{self.source.label}/{self.position}"


class Unread(Row):
    """Bytes that were not understood, with the reason, which names the line."""

    reason = models.TextField()

    class Meta(Row.Meta):
        constraints = [
            *Row.Meta.constraints,
            # Where a file was cut off, nothing at all may be what was not understood.
            models.CheckConstraint(name="unread_cites_bytes", condition=Q(
                position__gte=1, line__gte=1, start__gte=0, start__lte=F("end"))),
            models.CheckConstraint(name="unread_says_why", condition=~Q(reason="")),
        ]

