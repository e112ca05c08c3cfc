"""A program: makes two administrators on the server of the CASEWORK_HOME that it is given; prints a token of each."""

import json
import os
import secrets
import sys

import django
from stack.install import ROOT

sys.path.append(str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "casework.settings"
django.setup()

from casework.people import services as people  # noqa: E402
from tests.factories import make_person  # noqa: E402

if __name__ == "__main__":
    made = [make_person(name, f"admin-{secrets.token_hex(4)}@example.org", administrator=True)
            for name in ("Amna Javed", "Bilal Hashmi")]
    print(json.dumps([people.make_token(person, "drill", ["read", "write", "review"], 1)[1] for person in made]))
