"""*Verify now*: this exhibit or the whole case proven again, at once where there is little, else by the worker."""

from typing import Any

from django.db.models import Count, Sum

from casework.cases.models import Case
from casework.exhibits.models import Exhibit, items_of
from casework.record import Act
from evidence.fixity import verifications
from evidence.fixity.models import Verification
from evidence.intake import services as intake
from evidence.intake.models import Item

# Up to here a person waits for the answer; a request must not hash for minutes.
AT_ONCE_BYTES = 64 * 1024 * 1024
AT_ONCE_ITEMS = 100
# Rows that were read from exports are held against their chain, each of them.
AT_ONCE_ROWS = 50_000


def verify_exhibit(exhibit: Exhibit, *, by: Any) -> Verification:
    """Its bytes, those of the parts of its capture and of its sightings, and every event about them."""
    items = exhibit.items()
    asked = verifications.ask(
        f"exhibit/{exhibit}", context=f"case/{exhibit.case.ref}", act=Act.EXHIBIT_VERIFIED, agent=by.as_agent(),
        subjects=subjects_of(exhibit, items), items=[item.pk for item in items])
    small = sum(item.blob.size for item in items) <= AT_ONCE_BYTES and _rows(exhibit.imports) <= AT_ONCE_ROWS
    return _at_once(asked) if small else asked


def verify_case(case: Case, *, by: Any) -> Verification:
    """Every event of the case, every item of it and all of their bytes."""
    asked = verifications.ask(f"case/{case.ref}", context=f"case/{case.ref}", act=Act.CASE_VERIFIED,
                              agent=by.as_agent())
    much = items_of(case).aggregate(bytes=Sum("blob__size"), items=Count("pk"))
    small = ((much["bytes"] or 0) <= AT_ONCE_BYTES and much["items"] <= AT_ONCE_ITEMS
             and _rows(case.imports) <= AT_ONCE_ROWS)
    return _at_once(asked) if small else asked


def _rows(imports: Any) -> int:
    return imports.aggregate(rows=Sum("kept"))["rows"] or 0


def of_exhibit(exhibit: Exhibit) -> list[Verification]:
    """The last ones, newest first."""
    return verifications.recent(f"exhibit/{exhibit}")


def of_case(case: Case) -> list[Verification]:
    """The last ones, newest first."""
    return verifications.recent(f"case/{case.ref}")


def subjects_of(exhibit: Exhibit, items: list[Item]) -> list[str]:
    """The words under which custody knows the exhibit."""
    return [f"exhibit/{exhibit}", *map(intake.subject, items)]


def _at_once(asked: Verification) -> Verification:
    verifications.run(asked)
    asked.refresh_from_db()
    return asked
