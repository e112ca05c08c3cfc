"""A program: reads a client's ledger (JSON) and prints as JSON what of it is missing, altered or there twice.

It works on the database and the store that the environment names, as `manage.py` does."""

import json
import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django
from stack.install import ROOT

sys.path.append(str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "casework.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.db.models import Count  # noqa: E402

from casework.exhibits.models import Exhibit  # noqa: E402
from drills.kit import ledger  # noqa: E402
from evidence.custody.models import Payload  # noqa: E402
from evidence.intake.models import Step  # noqa: E402


def repeated() -> int:
    """Items of which one step was recorded more than once."""
    told = Payload.objects.filter(kind__in=["fixity", "replication", "derivation"]).values("subject", "kind")
    return told.annotate(times=Count("pk")).filter(times__gt=1).count()


if __name__ == "__main__":
    entries = json.load(sys.stdin)
    root = Path(unquote(urlsplit(os.environ["STORAGE_URL"]).path)) if "STORAGE_URL" in os.environ else Path(
        settings.STORAGES["evidence"]["OPTIONS"]["location"])
    refs = {entry["exhibit"].split("/")[0] for entry in entries}
    print(json.dumps({"faults": ledger.faults(entries, root),
                      "exhibits": Exhibit.objects.filter(case__ref__in=refs).count(),
                      "waiting": Step.objects.filter(state="pending").count(),
                      "failed": Step.objects.filter(state="failed").count(), "repeated": repeated()}))
