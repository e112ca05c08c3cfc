"""Programs that only all of the bytes tell: HTML applications, packages of Java and Android, Windows installers."""

import pytest

from evidence.derivatives.findings import Finding
from evidence.jail import programs
from evidence.jail import services as jail
from tests.evidence.test_jail_examine import CONTENT, FILLER, JPEG, OLE, entry, packed

HTA = b"<HTA:Application id=x>"
INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")
JAR = packed({"META-INF/MANIFEST.MF": "Main-Class: A", "A.class": b"\xca\xfe\xba\xbe"})
APK = packed({"AndroidManifest.xml": b"\3\0\x08\0", "classes.dex": b"dex\n035\0", "res/a.xml": ""})


def root(kind: bytes, name: str = "Root Entry", type_: int = 5) -> bytes:
    made = bytearray(entry(name))
    made[66], made[80:96] = type_, kind
    return bytes(made)


def found(data: bytes, task: str) -> dict[str, str]:
    result = jail.run(task, data)
    assert result.ok, result.reason
    assert set(result.facts["found"]) <= set(Finding)
    return dict(result.facts["found"])


@pytest.mark.parametrize("task", ["programs", "examine"])
@pytest.mark.parametrize(("data", "kind"), [
    (b"A long text\n" * 10_000 + HTA, "HTML application"), (FILLER + HTA + FILLER, "HTML application"),
    (b"\xff\xfe" + ("x" * 70_000 + "<hta:APPLICATION>").encode("utf-16-le"), "HTML application"),
    (b"\xfe\xff" + ("x" * 70_000 + "<hta:APPLICATION>").encode("utf-16-be"), "HTML application"),
    (packed({"a": "b"}) + FILLER + HTA, "HTML application"), (JPEG + FILLER + HTA, "HTML application"),
    (OLE + bytes(504) + root(INSTALLER), "Windows Installer"),
    (OLE + bytes(programs.CHUNK * 2 + 504) + root(b"\x86" + INSTALLER[1:], "R") + FILLER, "Windows Installer"),
    (JAR, "Java archive"), (packed({"a": "x", "meta-inf/manifest.mf": "x"}), "Java archive"),
    (JAR + b"something behind", "Java archive"), (b"#" * 70_000 + JAR, "Java archive"), (JPEG + JAR, "Java archive"),
    (packed({f"{number:0200}": "" for number in range(10_000)} | {"META-INF/MANIFEST.MF": ""}), "Java archive"),
    (APK, "Android package"), (APK[:-4], "Android package")])
def test_a_program_is_found_wherever_it_says_so(data: bytes, kind: str, task: str) -> None:
    assert found(data, task)["program"] == kind


@pytest.mark.parametrize("at", [programs.CHUNK - 9, programs.CHUNK, programs.CHUNK * 2 - 3])
def test_nothing_hides_where_two_pieces_meet(at: int) -> None:
    assert found(b"x" * at + HTA + b"x" * programs.CHUNK, "programs")
    before = OLE + bytes(at // 128 * 128 - 8)
    assert found(before + root(INSTALLER) + bytes(programs.CHUNK), "programs")


@pytest.mark.parametrize("task", ["programs", "examine"])
@pytest.mark.parametrize("data", [
    packed({CONTENT: "", "word/document.xml": "<w:t>x</w:t>"}), packed({"META-INF/container.xml": "", "a.xhtml": ""}),
    packed({"META-INF/manifest.xml": "", "mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""}),
    packed({"notes/META-INF/MANIFEST.MF": ""}), packed({"META-INF/MANIFEST.MF.txt": ""}), packed({"classes.dex": ""}),
    packed({"AndroidManifest.xml": ""}), packed({"a.txt": "META-INF/MANIFEST.MF"}, 0), packed({"inner.jar": JAR}, 0),
    OLE + bytes(504) + root(bytes.fromhex("0609020000000000c000000000000046")),
    OLE + bytes(505) + root(INSTALLER), OLE + bytes(504) + root(INSTALLER, "Embedded", 1), OLE + INSTALLER,
    b"The words hta:application and PK\1\2 in a text" * 3000, b"PK\3\4", b""])
def test_what_is_none_is_not_called_one(data: bytes, task: str) -> None:
    assert "program" not in found(data, task)


@pytest.mark.parametrize("unit", [
    b"PK\1\2", b"<hta:applicatio", b"<", INSTALLER, b"PK\1\2" + bytes(42) + b"META-INF/MANIFEST.M",
    "<hta:applicatio".encode("utf-16-le")])
def test_no_bytes_take_long_to_look_through(unit: bytes) -> None:
    for begins in (b"PK\3\4", OLE):
        data = begins + unit * (20_000_000 // len(unit))
        result = jail.run("programs", data, limits=jail.Limits(cpu=10, wall=600))
        assert result.ok, result.reason
