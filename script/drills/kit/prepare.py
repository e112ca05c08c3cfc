"""A program: makes people, a case and a token on the server of the CASEWORK_HOME that it is given, and prints them."""

import json
import os
import sys

import django
from stack.install import ROOT

sys.path.append(str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "casework.settings"
django.setup()

from casework.people import services as people  # noqa: E402
from tests.factories import make_case, make_cast  # noqa: E402

if __name__ == "__main__":
    cast = make_cast()
    case = make_case(cast)
    _, token = people.make_token(cast.lead, "drill", ["read", "write"], 1)
    print(json.dumps({"ref": case.ref, "token": token, "email": cast.lead.email}))
