"""The database refuses what must not be: what of cases is written once, what stays, and what stands on something else."""

from pathlib import Path

from django.core.management import call_command
from django.conf import settings
from django.db import migrations

from evidence import guards

HERE = Path(__file__).parent
ENTRY, AT = ("recorded_by_id", "recorded_at"), ("at", "at_resolution", "at_given")
# Counted or keyed, and never touched again.
INSERT_ONLY = ("casework_export", "casework_lodgingkey", "casework_revision", "casework_sighting")
# What a statement cites is as it was, too.
STATED = ("casework_personastatement", "casework_locationassessment",
          *(f"casework_{name}_exhibits" for name in ("personastatement", "locationassessment", "subjectnote",
                                                     "accountlink")))
NEVER_DELETED = ("casework_campaign", "casework_cause", "casework_channel", "casework_payment", "casework_tasking")
WITHDRAWN = {
    "casework_accountlink": ("id", "case_id", "subject_id", "other_id", "kind", "likelihood", "basis", *ENTRY),
    "casework_channelobservation": ("id", "channel_id", "fact", "text", "spelled", "members", "subject_id", "became_id",
                                    "exhibit_id", *AT, *ENTRY),
    "casework_listing": ("id", "authority", "list_name", "organisation", "reference", "listed_on", "source_url",
                         "read_on", *ENTRY),
    "casework_mark": ("id", "campaign_id", "kind", "text", "exhibit_id", *AT, *ENTRY),
    "casework_push": ("id", "campaign_id", "cause_id", "basis", *ENTRY),
    "casework_subjectnote": ("id", "subject_id", "bearing", "text", *ENTRY),
}
# Of an account's observation nothing is written later but the account that it is of; of a claim that and its withdrawal.
OBSERVATION = ("id", "exhibit_id", "handle", "display_name", "biography", "place", "picture_id", "followers",
               "following", "posts", "status", "created", "observed_at", "observed_resolution", "observed_given",
               "recorded_by_id")
CLAIM = ("id", "exhibit_id", "kind", "text", *AT, *ENTRY)
# Receipts are made of these.
EXHIBIT = ("id", "case_id", "number", "item_id", "lodged_by_id", "lodged_at", "event_id", "leaf_hash")
UNLOCKING = ("id", "exhibit_id", "item_id", "person_id", "state", "finding", "reason", "at", "until")
IMPORT = ("id", "case_id", "number", "exhibit_id", "sha256", "format", "part", "zone", "options", "begun_by_id",
          "begun_at")
IMPORT_LATER = ("state", "kept", "place", "rows_sha256", "attempts", "due_at", "whole", "problem", "asks", "ended_at",
                "cleared_at", *guards.WITHDRAWAL)
IMPORT_ENDED = ("state", "kept", "place", "rows_sha256", "whole", "problem", "ended_at")


def guard(apps, schema_editor):
    # Rate limits live in it.
    call_command("createcachetable", "casework_cache", verbosity=0)
    statements = [guards.read(HERE / "guards.sql")]
    for table in INSERT_ONLY:
        statements += guards.insert_only(table) + guards.no_truncate(table)
    for table in STATED:
        statements += guards.insert_only(table)
    for table in NEVER_DELETED:
        statements += guards.never_deleted(table)
    for table, columns in WITHDRAWN.items():
        statements += guards.written_once(table, columns)
    guards.apply(schema_editor, [*statements, *accounts(), *exhibits(), *imports(), *findings()])


def accounts():
    linked = [f"ALTER TABLE casework_accountlink ADD CONSTRAINT link_{end}_of_its_case FOREIGN KEY ({end}_id, case_id) "
              "REFERENCES casework_subject (id, case_id) DEFERRABLE INITIALLY DEFERRED" for end in ("subject", "other")]
    return ["ALTER TABLE casework_subject ADD CONSTRAINT subject_of_its_case UNIQUE (id, case_id)", *linked,
            *guards.written_once("casework_observation", OBSERVATION, ["account_id"]),
            *guards.written_once("casework_platformclaim", CLAIM, ["account_id", *guards.WITHDRAWAL])]


def exhibits():
    """People edit what they say of an exhibit. Who looked into an unlocking is written once, like all else of it."""
    seen = ("seen_by_id", "seen_at")
    edited = ("title", "note", "sensitive", "withdrawn_at", "withdrawn_reason")
    return [*guards.written_once("casework_exhibit", EXHIBIT, edited), *guards.no_truncate("casework_exhibit"),
            *guards.written_once("casework_unlocking", UNLOCKING, seen), *guards.no_truncate("casework_unlocking"),
            *guards.trigger("casework_unlocking", "seen_once", "BEFORE UPDATE",
                            when=f"(OLD.seen_by_id IS NOT NULL OR OLD.seen_at IS NOT NULL) AND {guards.changed(seen)}"),
            *guards.never_deleted("casework_unpacking"), *guards.no_truncate("casework_unpacking"),
            *guards.trigger("casework_unpacking", "keep_what_is_lodged", "BEFORE UPDATE", when="OLD.state = 'lodged'")]


def imports():
    """Rows of exports come while their import is read, and go only with the bytes that they were read from."""
    ended = f"OLD.state IN ('read', 'stopped') AND {guards.changed(IMPORT_ENDED)}"
    statements = [*guards.written_once("casework_import", IMPORT, IMPORT_LATER), *guards.no_truncate("casework_import"),
                  *guards.trigger("casework_import", "ended_once", "BEFORE UPDATE", when=ended)]
    for table in ("casework_post", "casework_unread"):
        statements += [f"REVOKE UPDATE, TRUNCATE ON {table} FROM {settings.DATABASE_APP_ROLE}",
                       *guards.trigger(table, "refuse_update", "BEFORE UPDATE"), *guards.no_truncate(table),
                       *guards.trigger(table, "of_a_reading", "AFTER INSERT", new="added",
                                       function="casework_rows_of_a_reading"),
                       *guards.trigger(table, "stay", "AFTER DELETE", old="gone", function="casework_rows_stay")]
    return statements


def findings():
    review = "NEW.state IN ('in_review', 'reviewed') AND NEW.state IS DISTINCT FROM OLD.state"
    return guards.trigger("casework_finding", "complete", "AFTER UPDATE", when=review,
                          function="casework_finding_is_complete")


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_tables"), ("evidence", "0002_rules")]
    replaces = [("casework", "0026_revisions")]
    # There is no way back: without these the database would take everything.
    operations = [migrations.RunPython(guard)]
