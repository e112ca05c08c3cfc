"""A name that the case knows does not get through in another spelling, and plain words stay."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.accounts.pseudonyms import Words as Labels
from casework.accounts.pseudonyms import deal, label_only, mentions, pseudonymise

SALT = bytes(16)
KNOWN = {"S-001": ["lahore_times_24", "Lahore Times"], "S-002": ["Ayesha Khan"], "S-003": ["amina_writes"],
         "S-004": ["عائشہ خان"], "S-005": ["+92 300 7654321"], "S-006": ["BilalAfridi"], "S-007": ["zoyamalik"],
         "S-008": ["i.s.k"], "S-009": ["Mehr 🌹 Kakar"]}
# What may be left of a text besides the labels: nothing that was part of a name.
LABEL = re.compile(r"(?:Account|Phone|Number|Address)(?: [A-Z]+)?")


def done(text: str) -> str:
    return pseudonymise(text, deal(KNOWN, [text], salt=SALT))


def rest(text: str) -> str:
    """What was not replaced."""
    return LABEL.sub("", done(text))


@pytest.mark.parametrize("text", [
    "#LahoreTimes", "LahoreTimes", "lahoretimes24", "LAHORETIMES24", "lahore.times.24", "Lahore-Times-24",
    "lahore_times24", "Lahore Times 24", "LahoreTimes24", "#lahore_times", "lahoretimes",
    "AyeshaKhan", "#AyeshaKhan", "ayeshakhan", "ayesha.khan", "Ayesha_Khan", "AYESHA-KHAN", "A\u200byeshaKhan",
    "@ayeshakhan", "AminaWrites", "Amina Writes", "amina-writes", "عائشہ_خان", "#عائشہ_خان", "عائشہخان", "عائشہ‌خان",
    "bilalafridi", "Bilal Afridi", "bilal_afridi", "#BilalAfridi", "Zoya Malik", "ZoyaMalik", "zoya_malik", "i_s_k",
    "I.S.K", "Mehr🌹Kakar", "#MehrKakar", "mehr_kakar"])
def test_a_known_name_is_found_however_its_words_are_joined(text: str) -> None:
    assert rest(f"then {text} posted").replace("#", "") == "then  posted"


@pytest.mark.parametrize("text", [
    "Ayesha_Khan786", "AyeshaKhan786", "ayeshakhan786", "AyeshaKhanOfficial", "#JusticeForAyeshaKhan",
    "real_ayesha_khan", "real.ayeshakhan", "786AyeshaKhan", "#justiceforayeshakhan", "#teamlahoretimes", "AyeshaKhans",
    "ayesha_khan_786", "lahore_times_245", "عائشہ_خان786", "#انصاف_برائے_عائشہ_خان", "Ayesha786", "khan_786"])
def test_nothing_is_left_of_a_word_that_a_known_name_is_part_of(text: str) -> None:
    assert rest(f"then {text} posted").replace("#", "") == "then  posted"


@pytest.mark.parametrize(("text", "expected"), [
    ("Ayesha Khan's post", "'s post"), ("AyeshaKhan’s post", "’s post"), ("Ayesha Khan-led", "-led"),
    ("(AyeshaKhan), then", "(), then"), ("AyeshaKhan... then", "... then"), ("عائشہ خان نے", " نے"),
    ("عائشہ_خانکا", "کا"), ("by Ayesha Khan. Then", "by . Then")])
def test_what_stands_around_a_name_stays(text: str, expected: str) -> None:
    assert rest(text) == expected


@pytest.mark.parametrize("text", [
    "Ayesha_Khan786", "AyeshaKhanOfficial", "real_ayesha_khan", "#JusticeForAyeshaKhan", "lahore_times_245"])
def test_whose_name_is_only_begun_alike_is_taken_for_nobody_known(text: str) -> None:
    dealt = deal(KNOWN, [text], salt=SALT)
    assert not set(dealt.labels.values()) & set(LABEL.findall(pseudonymise(text, dealt)))
    assert done(f"{text} and {text}").count(f"Account {chr(ord('A') + len(KNOWN))}") == 2


@pytest.mark.parametrize(("text", "expected"), [
    ("Lahore Media Trust wrote", " wrote"), ("the Lahore Press Club", "the "), ("Sana Khan said", " said"),
    ("Sana-Khan said", " said"), ("Ayesha K. Begum said", " said"), ("by Dr Sana Khan", "by Dr "),
    ("The Ayesha Begum Trust.", "The .")])
def test_one_word_of_a_name_in_a_longer_one_is_taken_for_nobody_known(text: str, expected: str) -> None:
    dealt = deal(KNOWN, [text], salt=SALT)
    assert rest(text) == expected
    assert not set(dealt.labels.values()) & set(LABEL.findall(pseudonymise(text, dealt)))


@pytest.mark.parametrize("text", ["Then Ayesha posted", "Ayesha posted", "In Khan’s group", "from Mr Khan, In time",
                                  "Journalist Ayesha", "said Ayesha. Then"])
def test_one_word_of_a_name_by_itself_is_that_account(text: str) -> None:
    dealt = deal(KNOWN, [text], salt=SALT)
    assert LABEL.findall(pseudonymise(text, dealt)) == [dealt.labels["S-002"]]


@pytest.mark.parametrize("number", [
    "PK36SCBL0000001123456702", "PK36 SCBL 0000 0011 2345 6702", "pk36-scbl-0000-0011-2345-6702",
    "GB29NWBK60161331926819", "0300,5550142", "0300,555,0142", "0300،5550142", "0300*555*0142", "0300·5550142",
    "tel03005550142", "03005550142x", "acct0000001123456702", "wa.0300-5550142", "۰۳۰۰,۵۵۵۰۱۴۲",
    "+92 (0) 300 555 01 42"])
def test_a_number_of_an_account_or_a_telephone_is_found_in_every_spelling(number: str) -> None:
    assert not re.search(r"\d{2}|scbl|nwbk", rest(f"sent to {number} today").casefold())


@pytest.mark.parametrize("phone", ["0300 7654321", "0300-765-4321", "0300,7654321", "+92 300 7654321",
                                   "0092 300 7654321", "923007654321"])
def test_a_telephone_that_is_an_account_is_known_with_and_without_its_country(phone: str) -> None:
    assert done(f"call {phone} now") == f"call {deal(KNOWN, [], salt=SALT).labels['S-005']} now"


@pytest.mark.parametrize("address", ["foo.bar.onion", "abcdef.onion", "http://abcdef.onion/x", "site.i2p"])
def test_a_hidden_address_is_an_address(address: str) -> None:
    assert done(f"see {address} there") == "see Address A there"


@pytest.mark.parametrize("text", [
    "1,250,000,000 views and 12,50,00,000 rupees", "in 2019,2020,2021 and 2022", "The times are hard in October 2026",
    "for all who can", "amina", "He writes at 10:15, then at 18:05:09", "khanate and lahori", "#Lahori #TimesSquare",
    "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "sabawritesx", "we are one team",
    "md5 0cc175b9c0f1b6a831c399e269772661", "zoya and malik", "IMG-20260314-WA0012", "CW-2026-0014/E-007, F-002",
    "#PakistanZindabad trended at 9.30, 27,217 posts", "he was the last of us to break silence"])
def test_plain_words_sums_and_digests_stay(text: str) -> None:
    assert done(text) == text


def test_a_handle_of_plain_small_words_does_not_take_them_from_a_sentence() -> None:
    dealt = deal({"S-001": ["for_all"], "S-002": ["weareone"], "S-003": ["to.get.her"]}, [], salt=SALT)
    text = "It is for all, and we are one; to get her there together with all"
    assert pseudonymise(text, dealt).startswith("It is for all, and we are one; to get her there ")
    for spelling in ("for_all", "forall", "ForAll", "For All", "@for.all", "WeAreOne", "We Are One", "we_are_one"):
        assert LABEL.sub("", pseudonymise(spelling, dealt)) == "", spelling


def test_names_that_are_whole_are_looked_for_as_they_are_written() -> None:
    dealt = deal({"f": ["payment-list.png", "payment-list"], "s": ["Nadia"]}, [], salt=SALT, whole=True)
    assert pseudonymise("The payment list, a Payment List of #NadiaGroup", dealt) == \
        "The payment list, a Payment List of #NadiaGroup"
    assert LABEL.sub("", pseudonymise("payment-list.png payment_list Nadia", dealt)).strip() == ""


def test_in_a_referral_other_spellings_of_an_ordinary_user_go_and_of_those_who_take_part_stay() -> None:
    known = label_only({"S-002": ["amina_writes", "Amina Shah"], "S-009": ["+92 300 7654321"]},
                       spared=["lahore_times_24", "Lahore Times", "Sana"], words=Labels())
    text = "#AminaShah and #LahoreTimes, aminawrites786, x.com/aminashah/status/9 LahoreTimes24, sana_aminashah, foo1"
    assert pseudonymise(text, known) == "#S-002 and #LahoreTimes, Account, Address LahoreTimes24, Account, foo1"
    assert pseudonymise("0300-7654321 and 0300-7654322", known) == "S-009 and 0300-7654322"
    assert mentions("@teamaminashah", known) and not mentions("#LahoreTimes", known)


NAMES = st.sampled_from([("lahore", "times"), ("ayesha", "khan"), ("amina", "writes"), ("bilal", "afridi")])
JOINED = st.sampled_from(["", "_", ".", "-", " ", "__", "_.", " - "])
SHAPED = st.sampled_from([str.lower, str.upper, str.capitalize])


@given(NAMES, JOINED, SHAPED, st.sampled_from(["", "#", "@", "(", "“", "_", "real_", "کہا "]),
       st.sampled_from(["", "'s", "’s", ",", "_", "786", "_786", ".", "!", "_official", " نے", "نے", ")"]))
def test_no_joining_shape_or_surrounding_lets_a_name_through(
        name: tuple[str, str], joined: str, shape: object, before: str, after: str) -> None:
    assert callable(shape)
    text = f"so {before}{joined.join(map(shape, name))}{after} said"
    assert not any(word in done(text).casefold() for word in name), done(text)


@given(st.text(alphabet="ab AB_-#@7نے", max_size=40))
def test_any_spelling_is_taken_and_stays_so(text: str) -> None:
    dealt = deal({"S-001": ["a_b"], "S-002": ["Ab Ba"], "S-003": ["نے ab"]}, [text], salt=SALT)
    once = pseudonymise(text, dealt)
    assert pseudonymise(once, dealt) == once
