"""script/drill judges PDF …: veraPDF judges each PDF as PDF/A-3u: PASS or FAIL with the rules; exit 1 on a FAIL.

veraPDF comes once from Maven Central by `mvn` into CASEWORK_HOME/judges, and is held to its SHA-256 at each run.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("CASEWORK_HOME") or ROOT / ".casework").absolute() / "judges"
VERSION = "1.28.2"
JAR = CACHE / f"greenfield-apps-{VERSION}.jar"
SHA256 = "687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"


def main(paths: list[str]) -> int:
    if not paths:
        print("judges makes no PDF of its own; name those to judge: script/drill judges PDF …", file=sys.stderr)
        return 2
    if missing := [path for path in paths if not Path(path).is_file()]:
        print(f"no such file: {', '.join(missing)}", file=sys.stderr)
        return 2
    fetch()
    return max([judge(Path(path).absolute()) for path in paths])


def fetch() -> None:
    """Put veraPDF into the cache unless it is there, and stop unless it is the one we know."""
    for tool in ("java",) if JAR.exists() else ("java", "mvn"):
        if shutil.which(tool) is None:
            raise SystemExit(f"judges needs {tool} on the path")
    if not JAR.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["mvn", "-B", "-q", COPY, f"-Dartifact=org.verapdf.apps:greenfield-apps:{VERSION}",
             f"-DoutputDirectory={CACHE}"], cwd=CACHE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode or not JAR.exists():
            raise SystemExit(f"veraPDF {VERSION} could not be fetched:\n{done.stdout.strip()}")
    found = hashlib.sha256(JAR.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{JAR.name} in {CACHE} is {found}, not {SHA256}; delete it to fetch it again")


def judge(path: Path) -> int:
    """Print the verdict on one PDF; 1 unless it passes. A process each, so a file that breaks it breaks no other."""
    done = subprocess.run(
        ["java", "-cp", str(JAR), "org.verapdf.apps.GreenfieldCliWrapper", "--flavour", "3u", "--format", "xml",
         "--maxfailuresdisplayed", "1", str(path)], capture_output=True, text=True)
    try:
        report = xml.fromstring(done.stdout).find(".//validationReport")
    except xml.ParseError:
        report = None
    if report is None or report.get("jobEndStatus") != "normal":
        print(f"FAIL {path}: veraPDF failed, exit {done.returncode}: {' '.join(done.stderr.split())[-300:]}")
        return 1
    rules = [rule for rule in report.iter("rule") if rule.get("status") == "failed"]
    details = report.find("details")
    if report.get("isCompliant") == "true" and not rules and details is not None:
        print(f"PASS {path}: {details.get('passedRules')} rules, {details.get('passedChecks')} checks")
        return 0
    print(f"FAIL {path}: " + "; ".join(
        f"{rule.get('clause')}-{rule.get('testNumber')} {' '.join((rule.findtext('description') or '').split())} "
        f"({rule.get('failedChecks')})" for rule in rules))
    return 1
