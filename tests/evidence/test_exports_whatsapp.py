"""WhatsApp's exports: layouts, order of day and month, notices, what only looks like them, attachments."""

import pytest

from tests.evidence.exporting import look, pieces, records, refusal, zipped

LRM, RLM, LRE, PDF, THIN, NARROW = "\u200e", "\u200f", "\u202a", "\u202c", "\u2009", "\u202f"


@pytest.mark.parametrize(("line", "local", "resolution"), [
    ("1/29/18, 12:24 - Sana: ok", "2018-01-29T12:24:00", "minute"),
    ("[1/29/18, 12:24:03 PM] Sana: ok", "2018-01-29T12:24:03", "second"),
    ("29.01.18, 12:24 PM - Sana: ok", "2018-01-29T12:24:00", "minute"),
    ("\ufeff[29.01.18, 12:24:03] Sana: ok", "2018-01-29T12:24:03", "second"),
    ("22.01.2024 15:46 - Sana: ok", "2024-01-22T15:46:00", "minute"),
    ("21/07/2026 03.15 - Sana: ok", "2026-07-21T03:15:00", "minute"),
    ("13/07/2017 à 22:35 - Sana: ok", "2017-07-13T22:35:00", "minute"),
    ("13.6.2018 klo 21.25.15 - Sana: ok", "2018-06-13T21:25:15", "second"),
    (f"3/16/18, 1:55{NARROW}PM - Sana: ok", "2018-03-16T13:55:00", "minute"),
    (f"3/16/18, 1:55{THIN}p.{THIN}m. - Sana: ok", "2018-03-16T13:55:00", "minute"),
    ("21/04/21 11:04 p. m. - Sana: ok", "2021-04-21T23:04:00", "minute"),
    (f"22{RLM}/4{RLM}/2025، 1:14 ص - {RLM}Sana: ok", "2025-04-22T01:14:00", "minute"),
    ("١٧/٠٧/٢٠٢٦، ١٠:٣٠ م - Sana: ok", "2026-07-17T22:30:00", "minute"),
    ("۱۷/۰۷/۲۰۲۶، ۱۰:۳۰ قبل دوپہر - Sana: ok", "2026-07-17T10:30:00", "minute"),
    ("۱۷/۰۷/۲۰۲۶، ۱۰:۳۰ بعد دوپہر - Sana: ok", "2026-07-17T22:30:00", "minute"),
    (f"{RLM}[{RLM}21{RLM}/9{RLM}/2026، 9:47:45 م] {LRE}Sana{PDF}: ok", "2026-09-21T21:47:45", "second"),
    (f"\u2068[21/9/26, 09:47:45]\u2069 {LRM}Sana: ok", "2026-09-21T09:47:45", "second"),
    ("13.10.2026, 08:07 - \u200fSana: ok", "2026-10-13T08:07:00", "minute"),
    ("[10:15, 14.10.2026] Sana: ok", "2026-10-14T10:15:00", "minute"),
    ("2026. 10. 14. 오후 9:04, Sana : ok", "2026-10-14T21:04:00", "minute"),
    ("16/3/18, 12:05 AM - Sana: ok", "2018-03-16T00:05:00", "minute"),
    ("16/3/18, 12:05 PM - Sana: ok", "2018-03-16T12:05:00", "minute"),
])
def test_a_layout_is_read(line: str, local: str, resolution: str) -> None:
    one, = records(line.encode())
    assert (one.kind, one.local, one.resolution, one.sender, one.text) == ("message", local, resolution, "Sana", "ok")


def test_one_day_above_twelve_decides_for_the_whole_file() -> None:
    data = b"3/6/18, 1:55 - A: one\n4/6/18, 1:55 - A: two\n13/6/18, 1:55 - A: three\n"
    assert [one.local[:10] for one in records(data)] == ["2018-06-03", "2018-06-04", "2018-06-13"]
    assert look(data, "whatsapp")["why"] == "a number above 12"


def test_in_one_order_time_would_go_back() -> None:
    data = b"1/12/17, 1:55 - A: one\n2/1/18, 1:55 - A: two\n3/2/18, 1:55 - A: three\n1/3/18, 1:55 - A: x\n"
    assert look(data, "whatsapp")["order"] == "dmy"
    assert records(data)[1].local == "2018-01-02T01:55:00"


def test_an_order_that_nothing_decides_is_asked_for_with_examples() -> None:
    data = b"3/6/18, 1:55 - A: one\n4/7/18, 1:55 - A: two\n"
    said = refusal(data)
    assert said["asked"] == "order"
    assert said["facts"]["state"] == "ambiguous"
    assert said["facts"]["examples"][0] == {"line": 1, "text": "3/6/18, 1:55", "dmy": "2018-06-03",
                                            "mdy": "2018-03-06", "ymd": "2003-06-18"}
    assert records(data, order="mdy")[0].local == "2018-03-06T01:55:00"
    assert records(data, order="dmy")[0].local == "2018-06-03T01:55:00"
    # Where both give the same there is nothing to ask.
    assert records(b"3/3/18, 1:55 - A: one\n")[0].local == "2018-03-03T01:55:00"


def test_an_order_that_turns_round_is_asked_for_and_what_does_not_fit_it_is_named() -> None:
    data = b"13/6/18, 1:55 - A: one\n6/14/18, 1:55 - A: two\nmore\n15/6/18, 1:55 - A: three\n"
    assert refusal(data)["facts"]["state"] == "contradictory"
    found = records(data, order="dmy")
    assert [(one.kind, one.line) for one in found] == [("message", 1), ("bad", 2), ("message", 4)]
    assert found[1].reason == "line 2: its date does not fit the order dmy"
    assert found[1].text.endswith("A: two\nmore")


@pytest.mark.parametrize("body", [
    "12/06/2018 10:30", "[14/6/18, 10:00:00] Sana: not me", "14.6.18, 10:00 - Sana: not me", "99/99/18, 10:00 - B: x",
    "Sana left", "You created group \"x\"", "14/6/18, 10:00 PM - Sana: not me", "2018-06-14, 10:00 - Sana: not me"])
def test_a_line_of_a_body_that_looks_like_another_layout_stays_in_it(body: str) -> None:
    data = f"13/6/18, 1:55 - A: one\n{body}\n14/6/18, 1:56 - B: two\n".encode()
    found = records(data)
    assert [(one.kind, one.sender, one.text) for one in found] == [
        ("message", "A", f"one\n{body}"), ("message", "B", "two")]


def test_of_two_layouts_that_outnumber_each_other_a_person_chooses() -> None:
    data = b"13/6/18, 1:55 - A: see\n" + b"[14/6/18, 10:00:00] Sana: x\n" * 3
    said = refusal(data)
    assert said["asked"] == "layout"
    chosen = next(one["layout"] for one in said["facts"]["layouts"] if one["line"] == 1)
    assert [one.kind for one in records(data, layout=chosen)] == ["message"]


def test_on_ios_a_line_behind_a_bare_newline_is_no_message() -> None:
    data = (b"[13/6/18, 01:55:00] A: one\r\n[13/6/18, 01:56:00] A: two\n[13/6/18, 01:57:00] B: not mine\r\n"
            b"[13/6/18, 01:58:00] B: three\r\n")
    found = records(data)
    assert [(one.sender, one.text, one.marks) for one in found] == [
        ("A", "one", []), ("A", "two\n[13/6/18, 01:57:00] B: not mine", ["bare_newline"]), ("B", "three", [])]


@pytest.mark.parametrize(("rest", "act"), [
    ('Ali created group "Trend: evening"', "created"), ("You created this group", "created"),
    ("Sana joined using this group's invite link", "joined"), ("Ali added Sana", "joined"), ("Sana left", "left"),
    ("Ali removed Sana", "removed"), ("This message was deleted", "deleted"),
    ('Ali changed the subject from "A: 1" to "B: 2"', "renamed"), ("Ali changed this group's icon", "other"),
    ("Messages and calls are end-to-end encrypted. No one outside can read them.", "other"),
    ("علی نے گروپ بنایا \"شام: رجحان\"", "created"), ("ثنا گروپ میں شامل ہوئی", "joined"),
    ("علی نے ثنا کو شامل کیا", "joined"), ("ثنا نے گروپ چھوڑ دیا", "left"), ("علی نے ثنا کو نکال دیا", "removed"),
    ("علی نے گروپ کا نام تبدیل کیا", "renamed"), (f"{LRM}Sana left", "left")])
def test_a_notice_has_no_sender_and_says_what_was_done(rest: str, act: str) -> None:
    one, = records(f"13/6/18, 1:55 - {rest}\n".encode())
    assert (one.kind, one.sender, one.system_act, one.text) == ("system", "", act, rest.lstrip(LRM))


@pytest.mark.parametrize("text", [
    "Sana left", 'haha Ali created group "x"', 'You changed the subject from "A" to "B"', f"{LRM}Sana left",
    "علی نے گروپ بنایا \"x\"", "Messages are end-to-end encrypted"])
@pytest.mark.parametrize("head", ["13/6/18, 1:55 - ", "[13/6/18, 01:55:00] "])
def test_a_body_that_imitates_a_notice_stays_a_body(head: str, text: str) -> None:
    _first, one = records(f"{head}B: hello\n{head}A: {text}\n".encode())
    assert (one.kind, one.sender, one.text, one.system_act) == ("message", "A", text, "")
    assert ("like_system" in one.marks) is (head[0] == "[" and text.startswith(LRM))


def test_on_ios_the_group_that_opens_the_file_speaks_for_the_system() -> None:
    head = "[13/6/18, 01:55:00] "
    notices = f"{head}Trend: {LRM}Messages and calls are end-to-end encrypted.\r\n{head}Trend: {LRM}Ali added you\r\n"
    found = records((notices + f"{head}Sana: {LRM}Ali left\r\n").encode())
    assert [(one.kind, one.sender, one.system_act) for one in found] == [
        ("system", "", "other"), ("system", "", "joined"), ("message", "Sana", "")]
    assert found[0].raw["printed_sender"] == "Trend"
    # As soon as it says anything itself, it is somebody.
    found = records((notices + f"{head}Trend: hello\r\n").encode())
    assert {one.kind for one in found} == {"message"}


def test_a_deletion_may_have_been_typed_and_stays_with_its_sender() -> None:
    for text in ("This message was deleted", f"{LRM}You deleted this message.", "یہ پیغام حذف کر دیا گیا"):
        one, = records(f"13/6/18, 1:55 - A: {text}\n".encode())
        assert (one.kind, one.sender, one.system_act, one.text) == ("message", "A", "deleted", text)


def test_a_body_as_long_as_bodies_get_is_looked_through_no_further_than_notices_are_long() -> None:
    for filler in ("گروپ کا نام ", '"', "x created group ", "<a:", "(a"):
        head = f"13/6/18, 1:55 - A created group {filler}"
        one, two = records(f"{head}{filler * 20_000}\n13/6/18, 1:56 - A: {filler * 20_000}\n".encode())
        assert (one.kind, two.kind) == ("system", "message")


def test_a_name_with_a_colon_is_asked_about_and_then_kept() -> None:
    data = b"13/6/18, 1:55 - Team: North: one\n13/6/18, 1:56 - Team: North: two\n13/6/18, 1:57 - B: x\n"
    assert look(data, "whatsapp")["names_with_a_colon"] == ["Team: North"]
    assert [one.sender for one in records(data)] == ["Team", "Team", "B"]
    assert [(one.sender, one.text) for one in records(data, names=["Team: North"])] == [
        ("Team: North", "one"), ("Team: North", "two"), ("B", "x")]


def test_a_number_is_an_identifier_and_an_empty_message_is_one() -> None:
    one, two = records(b"13/6/18, 1:55 - +92 300 5550100: hi\n13/6/18, 1:55 - A: \n")
    assert (one.sender, one.sender_id) == ("+92 300 5550100", "+923005550100")
    assert (two.kind, two.sender, two.text) == ("message", "A", "")


@pytest.mark.parametrize("text", [
    "<attached: 1.jpg>", f"{LRM}<attached: 1.jpg>", f"<{LRM}attached: 1.jpg>", "1.jpg (file attached)\ncaption: x",
    f"{LRM}1.jpg (فائل منسلک)", "<منسلک: 1.jpg>", "1.jpg (liite mukana)", "1.jpg <attached>"])
def test_an_attachment_is_matched_with_the_archive(text: str) -> None:
    data = zipped({"x/_chat.txt": f"13/6/18, 1:55 - A: {text}\n".encode(), "x/1.jpg": b"12345", "1.jpg": b"1"})
    one, = records(data)
    assert (one.member, one.attachments) == ("x/_chat.txt", [("1.jpg", True, 5)])


def test_an_attachment_that_is_not_there_is_said_and_no_file_is_made_up() -> None:
    data = zipped({"_chat.txt": b"13/6/18, 1:55 - A: 1.jpg (file attached)\n13/6/18, 1:55 - A: <Media omitted>\n"
                                b"13/6/18, 1:55 - A: see (below)\n"})
    one, two, three = records(data)
    assert one.attachments == [("1.jpg", False, 0)]
    assert (two.attachments, two.marks) == ([], ["media_omitted"])
    assert (three.attachments, three.marks) == ([], [])


def test_a_time_that_no_clock_showed_or_two_did_is_marked_and_not_guessed() -> None:
    data = (b"30/03/2025, 02:30 - A: never\n31/03/2025, 02:30 - A: once\n26/10/2025, 02:30 - A: twice\n"
            b"26/10/2025, 01:30 - A: back\n")
    found = records(data, zone="Europe/Berlin")
    assert [(one.at, one.marks) for one in found] == [
        ("", ["gap"]), ("2025-03-31T00:30:00Z", []), ("", ["fold"]), ("2025-10-25T23:30:00Z", ["back"])]
    assert records(data, zone="Asia/Karachi")[0].at == "2025-03-29T21:30:00Z"
    assert [one.at for one in records(data)] == [""] * 4
    assert refusal(data, zone="Mars/Olympus")["stopped"] == "no time zone 'Mars/Olympus'"


def test_what_stands_before_the_first_message_is_named() -> None:
    found = pieces(b"\ncut off\n13/6/18, 1:55 - A: one\n", "whatsapp")
    assert [getattr(one, "kind", "blank line") for one in found] == ["blank line", "bad", "message"]
