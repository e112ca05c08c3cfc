"""Rows that were kept before texts had keys get theirs with the migration, and are guarded as before."""

import pytest
from django.core.management import call_command
from psycopg import errors
from stack import postgres

from casework.posts import normal
from casework.posts.models import Post
from tests.casework.exporting import KARACHI, imported
from tests.evidence import custody_log as given
from tests.factories import make_case, make_cast

TEXT = "The Delta Port will feed our children, build it now"
CHAT = (f"14/03/2026, 18:05 - Bilal K.: {TEXT}\n"
        "14/03/2026, 18:06 - Kashif: ok\n"
        f"14/03/2026, 18:07 - Rimsha: @all {TEXT.upper()} https://t.co/1\n"
        "14/03/2026, 18:08 - Bilal K. removed Rimsha\n")


@pytest.mark.usefixtures("real_db")
def test_rows_that_are_there_get_their_keys_and_stay_insert_only() -> None:
    cast = make_cast()
    imported(make_case(cast), CHAT, cast.investigator, **KARACHI)
    with given.connected_as(postgres.OWNER_ROLE):
        call_command("migrate", "casework", "0020_posts", verbosity=0)
        call_command("migrate", verbosity=0)
    keys = [row.text_key and bytes(row.text_key) for row in Post.objects.order_by("position")]
    assert keys == [normal.key(TEXT), None, normal.key(TEXT), None] and keys[0]
    with pytest.raises(errors.InsufficientPrivilege, match="insert-only"):
        postgres.execute(given.SERVER, "UPDATE casework_post SET text_key = NULL", postgres.DATABASE,
                         postgres.OWNER_ROLE)
