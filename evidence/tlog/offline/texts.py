"""What the verifier says besides faults, in English and in Urdu. Names in braces are filled in."""

from __future__ import annotations

import re

from evidence.tlog.offline.fault_texts import FAULT_TEXTS

LANGUAGES = ("en", "ur")
_LATIN = re.compile("[A-Za-z0-9](?:[A-Za-z0-9 ._/-]*[A-Za-z0-9])?")

TEXTS: dict[str, tuple[str, str]] = {
    "VERIFIED": ("Everything here checks, and it is signed with a key that you gave.",
                 "یہاں ہر چیز درست نکلی، اور اس پر آپ کی دی ہوئی کلید سے دستخط ہے۔"),
    "CONSISTENT": ("Everything here checks under the key that the package brings, and what you kept from outside is of "
                   "the same log.",
                   "پیکیج کی اپنی کلید سے یہاں ہر چیز درست نکلی، اور جو آپ نے باہر سے سنبھالا وہ اسی رجسٹر کا ہے۔"),
    "KEY NOT ESTABLISHED": ("What is here agrees with itself. Whose it is, is not shown: compare the fingerprint with "
                            "one that you have from elsewhere.",
                            "جو کچھ یہاں ہے وہ آپس میں مطابق ہے۔ یہ کس کا ہے، یہ ثابت نہیں: نشان کو اس سے ملائیں جو "
                            "آپ کے پاس کہیں اور سے ہو۔"),
    "FAILED": ("Something here is missing, is not as it must be, or contradicts. Do not rely on it.",
               "یہاں کچھ غائب ہے، درست نہیں، یا ٹکراتا ہے۔ اس پر بھروسا نہ کریں۔"),
    "verdict VERIFIED": ("VERIFIED", "تصدیق ہو گئی"),
    "verdict CONSISTENT": ("CONSISTENT", "مطابق ہے"),
    "verdict KEY NOT ESTABLISHED": ("KEY NOT ESTABLISHED", "کلید کی پہچان نہیں ہوئی"),
    "verdict FAILED": ("FAILED", "ناکام"),
    "truth": ("None of this says whether what an exhibit shows is true.",
              "اس میں سے کوئی بات یہ نہیں کہتی کہ ایگزبٹ میں جو نظر آتا ہے وہ سچ ہے۔"),
    "bag": ("{identifier}, case {case}, log {origin}", "{identifier}، کیس {case}، رجسٹر {origin}"),
    "head": ("Checkpoint of {size} entries, root {root}", "{size} اندراجات کا چیک پوائنٹ، جڑ {root}"),
    "faults": ("Faults", "خرابیاں"),
    "checked": ("Checked", "جو جانچا گیا"),
    "unchecked": ("Not checked, and why", "جو نہیں جانچا گیا، اور کیوں"),
    "keys": ("Keys", "کلیدیں"),
    "commands": ("To check the time authority's signature, in the folder proofs/timestamps:",
                 "وقت نگار ادارے کا دستخط جانچنے کے لیے، فولڈر proofs/timestamps میں:"),
    "given": ("given by you", "آپ کی دی ہوئی"),
    "brought": ("brought by the package", "پیکیج کے ساتھ آئی"),
    "fingerprint": ("fingerprint {fingerprint}", "نشان {fingerprint}"),
    "stamped": ("Timestamp {number}: the log's first {size} entries existed at {time}, says the authority.",
                "وقت کی مہر {number}: ادارے کے مطابق {time} پر رجسٹر کے پہلے {size} اندراجات موجود تھے۔"),
    "checked files": ("{count} files, {bytes} bytes: names, places, and both digests of each (SHA-256 and SHA-512).",
                      "{count} فائلیں، {bytes} بائٹس: نام، جگہ، اور ہر ایک کے دونوں ہیش (SHA-256 اور SHA-512)۔"),
    "checked events": ("{count} entries of the log: form, commitment and place under the checkpoint.",
                       "رجسٹر کے {count} اندراجات: بناوٹ، پابندی اور چیک پوائنٹ کے نیچے جگہ۔"),
    "checked bound": ("{count} files of exhibits and dossiers: each is named by entries of the log.",
                      "ایگزبٹ اور ڈوزیئر کی {count} فائلیں: ہر ایک کا نام رجسٹر کے اندراجات میں ہے۔"),
    "checked heads": ("{count} earlier heads: the log grew out of each without a change.",
                      "{count} پرانے سرے: رجسٹر ہر ایک سے بغیر تبدیلی آگے بڑھا۔"),
    "checked timestamps": ("{count} timestamps: what was stamped, and when.",
                           "وقت کی {count} مہریں: کس پر لگی، اور کب۔"),
    "checked cosignature": ("The witness {place} cosigned the checkpoint, at {time}.",
                            "گواہ {place} نے چیک پوائنٹ پر {time} کو دستخط کیا۔"),
    "checked held": ("{place}, kept outside: the same log, {size} entries.",
                     "{place}، باہر رکھا ہوا: وہی رجسٹر، {size} اندراجات۔"),
    "checked receipt": ("{place}: {name}, SHA-256 {sha256}.", "{place}: {name}، SHA-256 {sha256}۔"),
    "checked authority": ("{place}: openssl accepts the authority's signature.",
                          "{place}: openssl ادارے کا دستخط مانتا ہے۔"),
    "unchecked authority": ("The authority's signature on {place}: its root certificate was not given.",
                            "{place} پر ادارے کا دستخط: اس کا بنیادی سرٹیفکیٹ نہیں دیا گیا۔"),
    "unchecked authority.openssl": ("The authority's signature on {place}: there is no openssl here.",
                                    "{place} پر ادارے کا دستخط: یہاں openssl نہیں۔"),
    "unchecked cosignature.brought": ("The witness {place}: the signature is right, but its key came with the package.",
                                      "گواہ {place}: دستخط درست ہے، مگر اس کی کلید پیکیج کے ساتھ آئی۔"),
    "unchecked cosignature.unknown": ("The signature of {place} on the checkpoint: its key is not known here.",
                                      "چیک پوائنٹ پر {place} کا دستخط: اس کی کلید یہاں معلوم نہیں۔"),
    "unchecked quorum": ("The witnesses that the sender itself asks for ({place}) have not all signed.",
                         "بھیجنے والا خود جن گواہوں کا تقاضا کرتا ہے ({place}) ان سب نے دستخط نہیں کیے۔"),
    "unchecked held.size": ("{place}: the bag has no head of {size} entries to compare it with.",
                            "{place}: پیکیج میں {size} اندراجات کا کوئی سرا نہیں جس سے ملایا جائے۔"),
    "unchecked receipt.size": ("{place}: the bag has neither its entry nor a head of {size} entries to compare.",
                               "{place}: پیکیج میں نہ اس کا اندراج ہے نہ {size} اندراجات کا سرا جس سے ملایا جائے۔"),
    "unchecked held.restored": ("{place}: the log once lost entries and a restore was declared. The bag has no head of "
                                "{size} entries to tell whether this is of what was lost.",
                                "{place}: رجسٹر کے کچھ اندراجات کھو گئے تھے اور بحالی کا اعلان ہوا۔ پیکیج میں {size} "
                                "اندراجات کا کوئی سرا نہیں جس سے معلوم ہو کہ یہ کھوئے ہوئے حصے کا ہے یا نہیں۔"),
    "unchecked receipt.restored": ("{place}: the log once lost entries and a restore was declared. The bag has neither "
                                   "its entry nor a head of {size} entries to tell whether this is of what was lost.",
                                   "{place}: رجسٹر کے کچھ اندراجات کھو گئے تھے اور بحالی کا اعلان ہوا۔ پیکیج میں نہ اس "
                                   "کا اندراج ہے نہ {size} اندراجات کا سرا جس سے معلوم ہو کہ یہ کھوئے ہوئے حصے کی ہے۔"),
    "unchecked receipt.pending": ("{place} has no place in the log yet: nobody has signed anything about it.",
                                  "{place} کی رجسٹر میں ابھی جگہ نہیں: اس کے بارے میں کسی نے کچھ دستخط نہیں کیا۔"),
    "unchecked receipt.said": ("{place}: its exhibit number and its time of receipt are not in its event.",
                               "{place}: ایگزبٹ نمبر اور وصولی کا وقت اس کے واقعے میں درج نہیں۔"),
    "unchecked signature": ("{place}: the signature of {key}, since no key was given.",
                            "{place}: {key} کا دستخط، کیونکہ کوئی کلید نہیں دی گئی۔"),
    "unchecked key.term": ("The key {place}: by its own line in the list of keys it signs nothing of the sizes here.",
                           "کلید {place}: فہرست میں اس کی اپنی سطر کے مطابق یہ یہاں کے کسی سائز پر دستخط نہیں "
                           "کرتی۔"),
    "unchecked withheld": ("What {count} entries say: it is held back or lawfully erased. That they stand there is "
                           "proven.",
                           "{count} اندراجات کا متن: روکا گیا ہے یا قانوناً مٹایا گیا۔ ان کا وہاں ہونا ثابت ہے۔"),
    "unchecked time": ("The times: no outside authority stamped this log, they are the sender's own.",
                       "اوقات: کسی بیرونی ادارے نے اس رجسٹر پر وقت کی مہر نہیں لگائی، یہ بھیجنے والے کے اپنے ہیں۔"),
    "unchecked words": ("What the files say: tables, descriptions and documents are sealed, and not compared with the "
                        "log.",
                        "فائلوں کا متن: جدولوں، بیانات اور دستاویزات پر مہر ہے، مگر انھیں رجسٹر سے نہیں ملایا گیا۔"),
    "unchecked hidden": ("Files with odd names that the bag does not list: this browser hides them in a dropped "
                         "folder. Choose it with the button.",
                         "عجیب ناموں والی فائلیں جو پیکیج کی فہرست میں نہیں: یہ براؤزر چھوڑے ہوئے فولڈر میں انھیں چھپا "
                         "دیتا ہے۔ فولڈر بٹن سے چنیں۔"),
    "unchecked links": ("Links and empty folders: a browser does not show them.",
                        "لنک اور خالی فولڈر: براؤزر انھیں نہیں دکھاتا۔"),
}


def say(code: str, language: str, **facts: object) -> str:
    """The sentence `code`, filled in; in Urdu each run of Latin text is isolated, or it would change places."""
    text = (TEXTS.get(code) or FAULT_TEXTS[code])[LANGUAGES.index(language)]
    if language == "en":
        return text.format(**facts)
    return _isolated(text).format(**{name: isolate(fact) for name, fact in facts.items()})


def isolate(fact: object) -> str:
    """Between U+2066 and U+2069 text is set from left to right and moves nothing around it."""
    return f"\u2066{fact}\u2069"


def _isolated(text: str) -> str:
    return "".join(part if part.startswith("{") else _LATIN.sub(lambda found: isolate(found[0]), part)
                   for part in re.split("([{][a-z0-9]+[}])", text))
