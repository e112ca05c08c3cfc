"""Findings that were written before confidence, judged sources and revisions were asked: what becomes of them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from stack import postgres

from casework import approvals
from casework.findings import revisions, services
from casework.findings.models import Finding
from casework.record import Act, record
from tests.casework.test_findings_services import WORDS
from tests.evidence import custody_log as given
from tests.factories import exhibits_of, lodge_png, make_case, make_cast
from tests.weighed import judge

# As they were recorded then.
OLD: dict[str, Any] = {
    "kind": "coordination", "likelihood": "very_likely", "title": "Nine accounts", "claim": "Nine accounts.",
    "method": "Times.", "against": "Little.", "alternatives": "Keen followers of one page.", "subjects": []}
BACK = "UPDATE casework_finding SET state = 'in_review', claim = 'Nine accounts.', alternatives = %s"


@pytest.mark.usefixtures("real_db")
def test_what_was_written_before_keeps_its_words_and_is_asked_for_the_rest() -> None:
    cast = make_cast()
    case = make_case(cast)
    lodge_png(case, cast.investigator, 1)
    finding = services.write(case, **WORDS, exhibits_for=exhibits_of(case), by=cast.investigator)
    with given.connected_as(postgres.OWNER_ROLE):
        call_command("migrate", "casework", "0024_stated", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("SELECT alternatives FROM casework_finding")
            assert cursor.fetchone() == ("Keen followers of one page.\nThe exhibits do not fit it.",)
            cursor.execute(BACK, [OLD["alternatives"]])
    exhibit = {"number": 1, "sha256": exhibits_of(case)[0].item.blob_id, "bearing": "for"}
    said = OLD | {"exhibits": [exhibit]}
    record(Act.FINDING_EDITED, by=cast.investigator, subject=finding.word, context=f"case/{case.ref}", was="draft",
           **said)
    digest = approvals.digest_of(said | {"finding": finding.word})
    approvals.propose("finding", subject=finding.word, case_ref=case.ref, digest=digest, by=cast.investigator)
    with given.connected_as(postgres.OWNER_ROLE):
        call_command("migrate", verbosity=0)
    old = Finding.objects.get()
    assert (old.likelihood, old.confidence, old.revision) == ("very_likely", "", 2)
    assert list(old.alternatives.values_list("hypothesis", "why")) == [("Keen followers of one page.", "")]
    assert [one.is_judged for one in old.citations.all()] == [False]
    # The wording that went to review is bound as it was; a second person cannot stand behind it as it is.
    newest, first = revisions.of(old)
    assert (newest.digest, newest.decision, first.number) == (digest, "proposed", 1)
    with pytest.raises(ValidationError, match="Not judged yet"):
        services.review(old, by=cast.reviewer)
    services.send_back(old, reason="State your confidence.", by=cast.reviewer)
    edited = services.edit(old, **WORDS, exhibits_for=exhibits_of(case), by=cast.investigator)
    assert edited.revision == 3
    assert [one.field for one in revisions.compared(revisions.of(edited)[0]).changes][:2] == ["title", "claim"]
    assert services.submit(judge(edited, by=cast.investigator), by=cast.investigator).state == "in_review"
