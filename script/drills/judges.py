"""Let programs of others judge what the project makes: judges PDF … (veraPDF, PDF/A-3u).

Each judge comes once, pinned, into CASEWORK_HOME/judges, and never into the product."""

import sys

from drills import judge_pdf


def main(arguments: list[str]) -> int:
    """0 when the judge agrees, 1 when it does not, 2 for a wrong call."""
    if not arguments:
        print("judges makes no PDF of its own; name those to judge: script/drill judges PDF …", file=sys.stderr)
        return 2
    return judge_pdf.judge(arguments)
