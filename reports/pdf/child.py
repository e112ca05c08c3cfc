"""The child of the press: one JSON job per line comes in, one JSON answer per line goes out, until the pipe ends."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evidence.jail import confine
from reports.pdf.attached import Attached
from reports.pdf.errors import RenderFailed, ResourceDenied, ResourceUnused
from reports.pdf.fonts import unpacked
from reports.pdf.render import draw

# A part holds at most 25 exhibits and takes some hundred megabytes.
MEMORY = 4 * 2**30


class Files(Mapping[str, bytes]):
    """A manifest whose bytes are read when they are asked for; fonts once for all jobs."""

    def __init__(self, paths: dict[str, str]):
        self._paths = paths

    def __getitem__(self, name: str) -> bytes:
        path = self._paths[name]
        return unpacked(path) if name.endswith(".woff2") else Path(path).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def answer(job: dict[str, Any]) -> dict[str, Any]:
    """Draw one part. What failed is said in the answer; the child goes on."""
    attached = tuple(Attached(one["name"], Path(one["path"]).read_bytes(), one["description"], one["relationship"])
                     for one in job["attachments"])
    try:
        drawn = draw(Path(job["html"]).read_text("utf-8"), resources=Files(job["resources"]), attachments=attached)
    except ResourceDenied as error:
        return {"failed": "denied", "name": error.address}
    except ResourceUnused as error:
        return {"failed": "unused", "name": error.name}
    except RenderFailed as error:
        return {"failed": "other", "name": str(error)}
    Path(job["out"]).write_bytes(drawn.pdf)
    return {"failed": "", "pages": drawn.pages, "anchors": drawn.anchors}


def main() -> None:
    # WeasyPrint, Pango and Pillow are loaded and their files stay within reach; the network and other programs do not.
    confine.fence(memory=MEMORY)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
