"""A program: makes `people` and puts them into `cases` on the server of its CASEWORK_HOME; prints them.

Everybody leads or investigates in one case, in turns, and holds a token for it."""

import json
import os
import secrets
import sys

import django
from stack.install import ROOT

sys.path.append(str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "casework.settings"
django.setup()

from casework.access import Role  # noqa: E402
from casework.cases import services as cases  # noqa: E402
from casework.people import services as people  # noqa: E402
from tests.factories import make_person  # noqa: E402

if __name__ == "__main__":
    many = json.load(sys.stdin)
    crowd, refs = [], []
    for number in range(many["people"]):
        person = make_person(f"Person {number}", f"person-{number}-{secrets.token_hex(4)}@example.org")
        if number < many["cases"]:
            made = cases.open_case(title=f"Load {number}", mandate_basis="Order 14 of 2026 of the invented court",
                                   mandate_purpose="See what fifty people do to it", mandate_scope="Random bytes",
                                   by=person)
            refs.append((made, person))
        case, lead = refs[number % len(refs)]
        if person != lead:
            cases.add_member(case, user=person, role=Role.INVESTIGATOR, by=lead)
        _, token = people.make_token(person, "load", ["read", "write"], 1)
        crowd.append({"ref": case.ref, "token": token})
    print(json.dumps(crowd))
