"""Ask every call that the API describes, with right and wrong values, as five people, and judge each answer.

    script/drill schema [--requests N] [--seed N] [--keep FILE]

schemathesis makes the values from /api/v1/schema/; addresses and many values are exchanged for things that are there,
in two cases. A lead, an investigator, a media officer, and an outsider who leads another case ask, with tokens of every
scope; and an administrator what lies in no case. Four fifths of the requests are taken back, so that each finds the
whole case; the rest follow on each other in lives of sixty, and change what the next one finds. A finding is a mistake
of ours (5xx), a status, content type, shape or header that is not described, and any word or key of a case that the
asker may not know. Prints counts; keeps the requests that found something in FILE; exit 1 when there are any."""

import argparse

from stack.install import ROOT

from drills.kit import bare, inside


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/drill schema")
    parser.add_argument("--requests", type=int, default=20_000, help="how many (20000)")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices (1)")
    parser.add_argument("--keep", default=str(ROOT / ".casework" / "drills" / "schema.json"), metavar="FILE",
                        help="for the requests that found something (.casework/drills/schema.json)")
    wanted = parser.parse_args(arguments)
    # What makes the values is installed for development only.
    inside.enter("--dev")
    return bare.run("drills.kit.calling", wanted)
