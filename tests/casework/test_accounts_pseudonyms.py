"""Pseudonyms of one document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.accounts.pseudonyms import Words, deal, label_only, mentions, pseudonymise

SALT = bytes(16)
ACCOUNTS = {"S-001": ["@saba_writes", "Saba Writes", "1234567890123456789"],
            "S-002": ["lahore_now", "لاہور ناؤ"], "S-003": ["+92 300 7654321"]}


def hidden(text: str) -> str:
    return pseudonymise(text, deal(ACCOUNTS, [text], salt=SALT))


@pytest.mark.parametrize("spelling", [
    "@saba_writes", "saba_writes", "SABA_Writes", "saba\u200b_writes", "ｓａｂａ_writes", "Saba  Writes",
    "Saba\u200f Writes", "1234567890123456789"])
def test_every_spelling_of_an_account_becomes_its_label(spelling: str) -> None:
    label = deal(ACCOUNTS, [], salt=SALT).labels["S-001"]
    assert hidden(f"then {spelling}, again") == f"then {label}, again"


@pytest.mark.parametrize("spelling", ["لاہور ناؤ", "ل\u200cاہور ناؤ", "لاہور نا\u0624", "لاہور نا\u0648\u0654"])
def test_urdu_names_are_found_in_each_way_of_writing_them(spelling: str) -> None:
    assert hidden(f"{spelling} نے کہا") == f"{deal(ACCOUNTS, [], salt=SALT).labels['S-002']} نے کہا"


@pytest.mark.parametrize("phone", ["+92 300 7654321", "+92-300-7654321", "+923007654321", "00923007654321",
                                   "+92\u200e 300 765 4321", "+٩٢٣٠٠٧٦٥٤٣٢١"])
def test_a_phone_that_is_an_account_is_found_however_it_is_written(phone: str) -> None:
    assert hidden(f"call {phone} now") == f"call {deal(ACCOUNTS, [], salt=SALT).labels['S-003']} now"


@pytest.mark.parametrize(("text", "expected"), [
    ("see https://x.com/saba_writes/status/1.", "see Address A"),
    ("see x.com/saba_writes", "see Address A"),
    ("write to saba@example.org", "write to Address A"),
    ("by @someone_else!", "by Account D!"),
    ("call (0300) 123-4567", "call Phone A"),
    ("post 1788888888888888888", "post Phone A"),
])
def test_what_belongs_to_no_account_goes_too(text: str, expected: str) -> None:
    assert hidden(text) == expected


@pytest.mark.parametrize("text", [
    "on 2026-03-14 18:05:09 UTC", "E-001 and CW-2026-0014/E-007", "27,217 accounts in 6 minutes", "sabawritesx",
    "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"])
def test_dates_numbers_of_exhibits_and_hashes_stay(text: str) -> None:
    assert hidden(text) == text


def test_the_same_thing_has_one_label_throughout_a_document() -> None:
    texts = ["@stranger wrote to +92 321 0000000", "then @Stranger called 00923210000000", "lahore_now and @lahore_now"]
    dealt = deal(ACCOUNTS, texts, salt=SALT)
    first, second, third = (pseudonymise(text, dealt) for text in texts)
    assert first.split()[1] == second.split()[2]
    assert first.split()[-1] == second.split()[-1]
    assert third.split(" and ")[0] == third.split(" and ")[1]


def test_two_documents_deal_their_letters_differently() -> None:
    many = {f"S-{at:03d}": [f"handle_{at}"] for at in range(40)}
    first, second = deal(many, [], salt=b"a" * 16).labels, deal(many, [], salt=b"b" * 16).labels
    assert sorted(first.values()) == sorted(second.values())
    assert sum(first[key] == second[key] for key in many) < 10
    assert first == deal(many, [], salt=b"a" * 16).labels


def test_labels_go_on_after_z_and_speak_the_language_of_the_document() -> None:
    many = {f"S-{at:03d}": [f"handle_{at}"] for at in range(30)}
    labels = deal(many, [], salt=SALT, words=Words(account="اکاؤنٹ")).labels.values()
    assert {"اکاؤنٹ A", "اکاؤنٹ Z", "اکاؤنٹ AA", "اکاؤنٹ AD"} <= set(labels)


def test_a_text_that_was_not_dealt_is_hidden_all_the_same() -> None:
    assert pseudonymise("@new_one, +92 300 1111111, https://t.me/x", deal({}, [], salt=SALT)) == \
        "Account, Phone, Address"


def test_a_salt_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        deal({}, [], salt=b"short")


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_a_handle_gets_through_no_text(before: str, after: str) -> None:
    text = f"{before}@saba_writes{after}"
    assert "saba_writes" not in hidden(text).casefold()


@given(st.text(max_size=200))
def test_any_text_at_all_is_taken(text: str) -> None:
    dealt = deal(ACCOUNTS, [text], salt=SALT)
    once = pseudonymise(text, dealt)
    assert pseudonymise(text, dealt) == once


KNOWN = {"S-001": ["ali_raza", "علی رضا"], "S-002": ["@zoe-malik-x", "Zoë"], "S-003": ["Sana Mehr"],
         "S-004": ["Bilal Khan Afridi"], "S-005": ["یک کہانی"], "S-006": ["يك رضوي"]}


@pytest.mark.parametrize(("text", "key"), [
    ("RT@ali_raza", "S-001"), ("@@ali_raza", "S-001"), ("_ali_raza_", "S-001"), ("ali_razaنے", "S-001"),
    ("@ali_razaنے", "S-001"), ("ali_raza_chat.png", "S-001"), ("عَلی رَضا", "S-001"), ("عـلی رضا", "S-001"),
    ("علي رضا", "S-001"), ("علی رضانے", "S-001"), ("Zoe", "S-002"), ("Zoe\u0308", "S-002"), ("@zoe-malik-x", "S-002"),
    ("Sana", "S-003"), ("sana_chat", "S-003"), ("Bilal Khan", "S-004"), ("Khan Afridi", "S-004"),
    ("bilal-khan", "S-004"), ("يك كہاني", "S-005"), ("یک رضوی", "S-006")])
def test_a_known_name_does_not_get_through_in_a_disguise(text: str, key: str) -> None:
    dealt = deal(KNOWN, [text], salt=SALT)
    done = pseudonymise(f"so {text} said", dealt)
    assert dealt.labels[key] in done
    rest = done.replace(dealt.labels[key], "").removeprefix("so ").removesuffix(" said")
    assert rest in ("", "RT", "_", "__", "نے", "_chat.png", "_chat"), rest


def test_nothing_is_left_of_a_handle_that_begins_like_a_known_one() -> None:
    assert pseudonymise("by @ali_raza-two!", deal(KNOWN, ["@ali_raza-two"], salt=SALT)) == "by Account G!"


def test_what_is_not_replaced_stays_letter_for_letter() -> None:
    around = "كتاب عـلم  \u200fcafe\u0301 ﬁn — "
    text = f"{around}@ali_raza {around}"
    dealt = deal(KNOWN, [text], salt=SALT)
    assert pseudonymise(text, dealt) == f"{around}{dealt.labels['S-001']} {around}"


def test_a_name_that_two_accounts_share_is_laid_to_neither() -> None:
    dealt = deal({"S-001": ["a_one", "Sana Mehr"], "S-002": ["b_two", "Sana Mehr"]}, [], salt=SALT)
    assert pseudonymise("Sana Mehr and Sana", dealt) == "Account and Account"


@pytest.mark.parametrize("address", [
    "example[.]org", "example(.)com/page", "ali[at]example[.]org", "ali (at) example.org", "example.org:8080",
    "example.museum:443/x", "example.com", "blog.example.pk", "203.0.113.5", "203.0.113.5:8080/x", "localhost:8000/x",
    "hxxps://example[.]org/x"])
def test_an_address_in_a_disguise_is_recognised(address: str) -> None:
    assert hidden(f"see {address} there").split() in (["see", "Address", "A", "there"], ["see", "Address", "Athere"])


@pytest.mark.parametrize("phone", ["0300_555_0142", "0 3 0 0 5 5 5 0 1 4 2", "نمبر03005550142", "0300-55-50142",
                                   "2026-13-45 12"])
def test_a_phone_in_a_disguise_is_recognised(phone: str) -> None:
    assert "Phone A" in hidden(f"call {phone} now")


@pytest.mark.parametrize("text", ["from 2026-03-14 to 2026-03-15", "e.g. at 5 p.m. on 2026-02-28 - 2026-03-01"])
def test_days_of_the_calendar_stay(text: str) -> None:
    assert hidden(text) == text


def test_only_the_names_given_go_where_strangers_stay() -> None:
    known = label_only({"S-002": ["amina_writes", "Amina W."]}, spared=["amina_writes_fan"],
                       words=Words())
    text = "Amina (@amina_writes), @amina_writes_fan, @third, x.com/amina_writes/status/9, x.com/third"
    assert pseudonymise(text, known) == "S-002 (S-002), @amina_writes_fan, @third, Address x.com/third"
    assert mentions(text, known) and not mentions("@amina_writes_fan and @third", known)
