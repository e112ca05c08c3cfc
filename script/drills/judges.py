"""Let programs of others judge what the project makes: judges PDF … (veraPDF), judges witness (litewitness).

Each judge comes once, pinned, into CASEWORK_HOME/judges, and never into the product."""

import sys

from drills import judge_pdf, judge_witness


def main(arguments: list[str]) -> int:
    """0 when the judge agrees, 1 when it does not, 2 for a wrong call."""
    if not arguments:
        print("judges makes no PDF of its own; name those to judge: script/drill judges PDF …, or the log: "
              "script/drill judges witness", file=sys.stderr)
        return 2
    if arguments == ["witness"]:
        return judge_witness.judge()
    return judge_pdf.judge(arguments)
