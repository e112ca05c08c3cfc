"""docs/api.md does what it says: its blocks are run as they stand, against a server with the demo's people."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

pytestmark = pytest.mark.stack
ROOT = Path(__file__).resolve().parents[2]
OUR_SETTINGS = ("SECRET_KEY", "DATABASE_URL", "STORAGE_URL", "ARCHIVE_URL", "BROKER_URL", "BASE_URL")


def test_the_whole_job_is_done_with_curl_as_the_page_says(stack: Any, tmp_path: Path) -> None:
    Image.frombytes("RGB", (64, 48), os.urandom(64 * 48 * 3)).save(tmp_path / "screenshot.png")
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
    assert len(blocks) > 8
    environment = {name: value for name, value in os.environ.items() if name not in OUR_SETTINGS}
    done = subprocess.run(
        ["bash", "-c", "set -euo pipefail\n" + "\n".join(blocks)], cwd=ROOT, capture_output=True, text=True,
        timeout=600, env=environment | {
            "CASEWORK": stack.url, "CASEWORK_HOME": str(stack.home), "PDF": str(tmp_path / "dossier.pdf"),
            "SCREENSHOT": str(tmp_path / "screenshot.png")})
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert (tmp_path / "dossier.pdf").read_bytes().startswith(b"%PDF-")
