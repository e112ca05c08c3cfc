"""verify.html as a stranger uses it: opened from disk, no network, dropped and typed into, in both languages."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.evidence import shapes
from tests.evidence.bags import Artefact
from tests.evidence.both import PythonVerifier, whole, written
from tests.evidence.mutants_bytes import flip
from tests.evidence.test_offline_command import BAG, CHECKPOINT, KEY, RECEIPT

pytestmark = pytest.mark.browser

NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@dataclass
class Stranger:
    """Somebody with the page open and no network. Whatever the page complains of or asks for is kept."""

    page: Any
    complaints: list[str]
    asked: list[str]

    def verdict(self) -> str:
        expect(self.page.locator("#sheet")).to_be_visible(timeout=60_000)
        return str(self.page.get_attribute("#sheet", "data-verdict"))

    def check(self) -> str:
        self.page.click("#check")
        return self.verdict()


@pytest.fixture
def stranger(chromium: Any, html: Path, request: pytest.FixtureRequest) -> Iterator[Stranger]:
    context = chromium.new_context(offline=True, viewport=WIDE, locale="en-GB", **getattr(request, "param", {}))
    page = context.new_page()
    made = Stranger(page, [], [])
    page.on("console", lambda said: made.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: made.complaints.append(str(error)))
    page.on("request", lambda one: made.asked.append(one.url))
    page.goto(html.as_uri())
    yield made
    assert made.complaints == []
    assert [url for url in made.asked if not url.startswith("blob:")] == [html.as_uri()], "it asked for something"
    context.close()


def drop(page: Any, *paths: Path) -> None:
    """What the browser does when files or folders are dragged in from the desktop."""
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": {
            "items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}})


def test_a_bag_a_key_and_what_was_kept_give_a_verdict(stranger: Stranger) -> None:
    page = stranger.page
    page.set_input_files("#zip", str(BAG))
    assert stranger.check() == "KEY NOT ESTABLISHED"
    page.set_input_files("#kept", [str(RECEIPT), str(CHECKPOINT)])
    expect(page.locator("#kept-list li")).to_have_count(2)
    assert page.locator("#kept-list li").all_inner_texts() == ["receipt.json\nReceipt\nRemove\nreceipt.json",
                                                               "checkpoint.txt\nCheckpoint\nRemove\ncheckpoint.txt"]
    assert stranger.check() == "CONSISTENT"
    assert "receipt 1 (receipt.json)" in page.inner_text("#sheet")
    page.fill("#keys", f"  {KEY}\n")
    assert stranger.check() == "VERIFIED"
    assert page.evaluate("document.activeElement.id") == "verdict"
    assert "Checked: VERIFIED" in page.inner_text("#live")


def plain_bag() -> Artefact:
    """A bag without names that Chromium hides in a dropped folder."""
    for seed in range(1000):
        made = shapes.make(random.Random(seed), "folder")
        assert made.bag is not None
        if len(made.bag.exhibits) > 1 and all(
                one.name.endswith(("screenshot.png", "paid.txt", "شاٹ.png", "b.bin")) for one in made.bag.exhibits):
            return made
    raise AssertionError


def test_everything_can_be_dropped_anywhere(stranger: Stranger, tmp_path: Path) -> None:
    """A folder with its depths, a Zip file, a receipt, a checkpoint: sorted by what they are."""
    bag = plain_bag()
    folder = written(bag, tmp_path)
    assert folder is not None and bag.files is not None and bag.bag is not None
    drop(stranger.page, folder)
    expect(stranger.page.locator("#bag-list")).to_contain_text(f"Folder, {len(bag.files)} files")
    stranger.page.fill("#keys", str(bag.bag.signers[0].key))
    assert stranger.check() == "VERIFIED"
    assert "Links and empty folders" in stranger.page.inner_text("#sheet")
    assert "this browser hides them" in stranger.page.inner_text("#sheet")
    drop(stranger.page, BAG, RECEIPT, CHECKPOINT)
    expect(stranger.page.locator("#bag-list")).to_contain_text("Zip file")
    expect(stranger.page.locator("#kept-list li")).to_have_count(2)
    stranger.page.fill("#keys", KEY)
    assert stranger.check() == "VERIFIED"


def test_a_dropped_folder_of_which_the_browser_hides_a_file_is_not_judged(stranger: Stranger, tmp_path: Path) -> None:
    """Chromium leaves out names that it thinks unsafe, among them Urdu ones: FAILED would be a lie."""
    bag = plain_bag()
    assert bag.bag is not None
    original = bag.bag.exhibits[0].name
    bag.bag.files[f"{original.rpartition('/')[0]}/چیٹ\u200cایکسپورٹ.txt"] = bag.bag.files[original]
    folder = written(Artefact(bag.bag.sealed()), tmp_path)
    assert folder is not None
    drop(stranger.page, folder)
    expect(stranger.page.locator("#problem")).to_contain_text("Choose the folder with the button")
    expect(stranger.page.locator("#bag-list li")).to_have_count(0)
    stranger.page.set_input_files("#folder", str(folder))
    assert stranger.check() == "KEY NOT ESTABLISHED"


def test_an_empty_folder_that_was_dropped_is_a_fault(stranger: Stranger, tmp_path: Path) -> None:
    folder = written(plain_bag(), tmp_path)
    assert folder is not None
    (folder / "data" / "empty").mkdir()
    drop(stranger.page, folder)
    expect(stranger.page.locator("#bag-list li")).to_have_count(1)
    assert stranger.check() == "FAILED"
    assert "layout.folder data/empty" in stranger.page.inner_text("#sheet")


def test_a_folder_can_be_chosen_and_a_receipt_checked_alone(stranger: Stranger, tmp_path: Path) -> None:
    folder = written(shapes.make(random.Random(6), "folder"), tmp_path)
    stranger.page.set_input_files("#folder", str(folder))
    expect(stranger.page.locator("#bag-list li")).to_have_count(1)
    stranger.page.click("#bag-list button")
    expect(stranger.page.locator("#bag-list li")).to_have_count(0)
    assert stranger.page.evaluate("document.activeElement.id") == "choose-zip"
    stranger.page.set_input_files("#kept", str(RECEIPT))
    stranger.page.fill("#keys", KEY)
    assert stranger.check() == "VERIFIED"


def test_what_is_saved_is_what_verify_py_says(stranger: Stranger, tmp_path: Path) -> None:
    wrong = flip(shapes.make(random.Random(6), "zip"), random.Random(1))
    assert wrong is not None
    stranger.page.set_input_files("#zip", str(written(wrong, tmp_path)))
    stranger.page.fill("#keys", "\n".join(wrong.keys))
    assert stranger.check() == "FAILED"
    with stranger.page.expect_download() as download:
        stranger.page.click("text=Save as JSON")
    saved = json.loads(Path(download.value.path()).read_text())
    assert saved.pop("checked_at").endswith("Z")
    assert whole(saved) == whole(PythonVerifier().judge(Artefact(None, wrong.archive, wrong.keys)))


def test_mistakes_are_named_beside_the_field_and_nothing_typed_is_lost(stranger: Stranger) -> None:
    page = stranger.page
    page.click("#check")
    assert page.inner_text("#problem") == "Choose a bag, a receipt or a checkpoint first."
    page.set_input_files("#zip", str(BAG))
    page.fill("#keys", f"{KEY} nonsense")
    page.click("#check")
    assert page.inner_text("#keys-problem") == "This is not a key: nonsense"
    assert page.evaluate("document.activeElement.id") == "keys"
    assert page.input_value("#keys") == f"{KEY} nonsense"
    page.fill("#keys", KEY)
    assert stranger.check() == "VERIFIED"
    assert page.locator("#keys-problem").is_hidden()


def test_the_keyboard_is_enough(stranger: Stranger) -> None:
    page = stranger.page
    page.set_input_files("#zip", str(BAG))
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        focused = "(({ id, dataset }) => id || dataset.language || 'remove')(document.activeElement)"
        reached.append(page.evaluate(focused))
        if reached[-1] == "keys":
            page.keyboard.type(KEY)
        if reached[-1] == "check":
            break
    assert reached == ["en", "ur", "choose-zip", "choose-folder", "remove", "keys", "choose-kept", "check"]
    page.keyboard.press("Enter")
    assert stranger.verdict() == "VERIFIED"


def test_large_files_are_hashed_beside_the_page_with_bytes_and_time_left(stranger: Stranger, tmp_path: Path) -> None:
    """By workers, which a page opened from disk may have; and it can be stopped."""
    folder = written(shapes.make(random.Random(6), "folder"), tmp_path)
    assert folder is not None
    with (folder / "data" / "large").open("wb") as out:
        out.truncate(600 << 20)
    page = stranger.page
    workers: list[Any] = []
    page.on("worker", lambda worker: workers.append(worker))
    page.set_input_files("#folder", str(folder))
    expect(page.locator("#bag-list li")).to_have_count(1)
    page.click("#check")
    expect(page.locator("#told")).to_contain_text("left", timeout=60_000)
    assert " of 629 MB, about " in page.inner_text("#told")
    assert 0 < page.evaluate("document.getElementById('bar').value") < 1000
    assert workers
    assert page.evaluate("document.activeElement.id") == "cancel"
    page.click("#cancel")
    assert page.inner_text("#problem") == "Stopped. Nothing was decided."
    assert page.locator("#working").is_hidden() and page.locator("#check").is_enabled()
    with (folder / "data" / "large").open("wb") as out:
        out.truncate(3 << 20)
    page.set_input_files("#folder", str(folder))
    assert stranger.check() == "FAILED"
    assert "layout.unknown data/large" in page.inner_text("#sheet")


def test_a_browser_without_workers_does_it_alone(stranger: Stranger, tmp_path: Path) -> None:
    stranger.page.evaluate("() => { window.Worker = class { constructor() { throw new Error('none here'); } }; }")
    large = random.Random(1).randbytes(600_000)
    path = tmp_path / "large"
    path.write_bytes(large)
    stranger.page.set_input_files("#kept", str(path))
    said = stranger.page.evaluate("""async () => {
      const hashers = new Hashers('');
      const [found] = await hashers.digest([new Blob([new Uint8Array(600000)])], () => {});
      return [hashers.all.length, found.size, found.sha256];
    }""")
    assert said[:2] == [0, 600_000]


@pytest.mark.parametrize("stranger", [{"color_scheme": scheme} for scheme in ("light", "dark")], indirect=True,
                         ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ur"])
def test_it_is_accessible_and_no_wider_than_a_telephone(stranger: Stranger, language: str, tmp_path: Path) -> None:
    page = stranger.page
    page.click(f"[data-language={language}]")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [
        language, "rtl" if language == "ur" else "ltr"]
    look(page)
    page.set_input_files("#zip", str(BAG))
    page.set_input_files("#kept", [str(RECEIPT), str(CHECKPOINT)])
    for keys, verdict in ((KEY, "VERIFIED"), ("", "CONSISTENT")):
        page.fill("#keys", keys)
        assert stranger.check() == verdict
        look(page)
    page.fill("#keys", "casework.example/log+56027014+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4")
    assert stranger.check() == "FAILED"
    look(page)


def look(page: Any) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size(NARROW)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size(WIDE)
    assert wider <= 0, f"{wider} px wider than a telephone"


def test_no_word_is_left_in_the_other_language(stranger: Stranger) -> None:
    """In Urdu every Latin run is a name, a path, a digest or a command, and stands apart, so nothing changes places."""
    page = stranger.page
    page.set_input_files("#zip", str(BAG))
    page.set_input_files("#kept", [str(RECEIPT)])
    page.click("[data-language=ur]")
    stranger.check()
    bare = page.evaluate("""() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const inside = node.parentElement.closest('bdi, pre, script, noscript, textarea, [lang=en]');
        if (!inside && /[A-Za-z0-9]/.test(node.data)) found.push(node.data);
      }
      return found;
    }""")
    assert bare == []
    page.click("[data-language=en]")
    assert "KEY NOT ESTABLISHED" not in page.inner_text("#sheet")
    assert "CONSISTENT" in page.inner_text("#sheet"), "the result that stands there is said in the other language too"


def test_a_printed_sheet_holds_the_result_and_nothing_to_press(stranger: Stranger) -> None:
    page = stranger.page
    page.set_input_files("#zip", str(BAG))
    stranger.check()
    page.emulate_media(media="print")
    for hidden in ("#form", ".languages", "#sheet button"):
        assert not page.locator(hidden).first.is_visible(), hidden
    assert page.locator("#verdict").is_visible()
    assert page.locator("#sheet .key").first.is_visible()
