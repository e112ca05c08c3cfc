"""Pseudonyms of one document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.accounts.pseudonyms import Words, deal, pseudonymise

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
    "on 2026-03-14 18:05:09 UTC", "E-001 and CW-2026-0014/E-007", "27,217 accounts in 6 minutes", "saba_writesx",
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
    text = f"{before} @saba_writes {after}"
    assert "saba_writes" not in hidden(text).casefold()


@given(st.text(max_size=200))
def test_any_text_at_all_is_taken(text: str) -> None:
    dealt = deal(ACCOUNTS, [text], salt=SALT)
    once = pseudonymise(text, dealt)
    assert pseudonymise(text, dealt) == once
