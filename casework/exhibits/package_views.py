"""Pages about packages that others made: have one checked, have its files lodged. What came of it stands on the
exhibit's page."""

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from casework.access import Action
from casework.doors import login_required
from casework.exhibits import package_words, packages, reading
from casework.exhibits.models import Exhibit, Unpacking
from casework.exhibits.refusals import REFUSALS, refusal
from evidence.packages import services as vault
from evidence.packages.models import Package, PackageFile

PAGE = 50
REFUSED: tuple[type[Exception], ...] = (ValidationError, *REFUSALS)
LONGEST_NUMBER = 9


@dataclass(frozen=True)
class Shown:
    """What the exhibit's page shows of its package: one page of files, and how many of all are how far."""

    package: Package | None
    may_be_one: bool
    files: list[tuple[PackageFile, list[tuple[str, str, bool]], Unpacking | None, Any, str]]
    after: int | None
    left: int
    waiting: int

    @property
    def words(self) -> Any:
        return package_words.STATES[self.package.state][0] if self.package else ""

    @property
    def shape(self) -> str:
        return package_words.STATES[self.package.state][1] if self.package else ""

    @property
    def opens(self) -> bool:
        """Whether files can be lodged out of it."""
        return self.package is not None and self.package.state in Package.OPEN

    @property
    def problems(self) -> list[dict[str, Any]]:
        return [row | {"words": package_words.PROBLEMS.get(row["code"], row["code"])}
                for row in self.package.problems[:PAGE]] if self.package else []

    @property
    def more_problems(self) -> int:
        return max(0, self.package.problem_count - PAGE) if self.package else 0


def shown(exhibit: Exhibit, asked: QueryDict) -> Shown | None:
    """None for what is no Zip file. `asked` may say after which position the list of files goes on."""
    package, may_be_one = packages.of(exhibit), vault.may_be_one(exhibit.item)
    if package is None:
        return Shown(None, True, [], None, 0, 0) if may_be_one else None
    rows, found = packages.files(package), asked.get("files", "")
    if re.fullmatch(rf"[0-9]{{1,{LONGEST_NUMBER}}}", found):
        rows = rows.filter(position__gt=int(found))
    listed = list(rows[:PAGE + 1])
    states = [row.state for row in exhibit.unpackings.only("state")] if package.state in Package.OPEN else []
    return Shown(package, may_be_one, [_file(row) for row in listed[:PAGE]],
                 listed[PAGE - 1].position if len(listed) > PAGE else None,
                 package.file_count - len([one for one in states if one != Unpacking.State.FAILED]),
                 states.count(Unpacking.State.WAITING))


@login_required
@require_POST
def check(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_LODGE)
    try:
        packages.ask(exhibit, by=request.user)
    except REFUSED as error:
        _refused(request, error)
    else:
        messages.info(request, _("The package is being checked. Reload the page to see what came of it."))
    return redirect("exhibits:exhibit", ref, exhibit.label)


@login_required
@require_POST
def lodge(request: HttpRequest, ref: str, number: int) -> HttpResponse:
    """Lodge the files that are ticked, or with `all` every one of them."""
    exhibit = reading.exhibit_of(request.user, ref, number, Action.EXHIBIT_LODGE)
    ticked = [text for text in request.POST.getlist("file") if re.fullmatch(rf"[0-9]{{1,{LONGEST_NUMBER}}}", text)]
    try:
        count = packages.lodge(exhibit, positions=None if "all" in request.POST else [int(one) for one in ticked],
                               by=request.user)
    except REFUSED as error:
        _refused(request, error)
    else:
        messages.success(request, ngettext("%(count)s file waits to be lodged.", "%(count)s files wait to be lodged.",
                                           count) % {"count": count})
    return redirect("exhibits:exhibit", ref, exhibit.label)


def _refused(request: HttpRequest, error: Exception) -> None:
    said = " ".join(error.messages) if isinstance(error, ValidationError) else str(refusal(error).message)
    messages.error(request, said)


def _file(row: PackageFile) -> tuple[PackageFile, list[tuple[str, str, bool]], Unpacking | None, Any, str]:
    unpacking = getattr(row, "unpacking", None)
    words, shape = package_words.FILES[unpacking.state] if unpacking else ("", "")
    return row, package_words.hashes(row.declared), unpacking, words, shape
