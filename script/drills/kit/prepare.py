"""A program: makes a person, a case and a token on the server of the CASEWORK_HOME that it is given; prints them."""

import json
import os
import secrets
import sys

import django
from stack.install import ROOT

sys.path.append(str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "casework.settings"
django.setup()

from casework.cases import services as cases  # noqa: E402
from casework.people import services as people  # noqa: E402
from tests.factories import make_person  # noqa: E402

if __name__ == "__main__":
    person = make_person("Lubna Qadir", f"lead-{secrets.token_hex(4)}@example.org")
    case = cases.open_case(title="Drill", mandate_basis="Order 14 of 2026 of the invented court of Lahore",
                           mandate_purpose="See what a broken machine loses", mandate_scope="Random bytes", by=person)
    _, token = people.make_token(person, "drill", ["read", "write"], 1)
    print(json.dumps({"ref": case.ref, "token": token}))
