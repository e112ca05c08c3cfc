"""Payments: what exhibits show of money, exact and never converted."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from casework.accounts import services as accounts
from casework.cases.models import Case
from casework.channels import payments, services, taskings
from casework.channels.payment_models import Payment
from casework.channels.tasking_models import Tasking
from casework.exhibits import services as exhibits
from casework.lifecycle import NotAllowed
from evidence.custody import history
from tests.factories import Cast, bearer, exhibits_of, lodge_png, make_case, make_cast, sign_in

PAID: dict[str, Any] = {"amount": "180", "currency": "PKR", "method": "easypaisa", "shows": "transfer"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def case(cast: Cast) -> Case:
    return made(cast)


def made(cast: Cast, title: str = "Paid trend in Lahore") -> Case:
    """A case with an exhibit, a channel and a tasking."""
    case = make_case(cast, title)
    shown = lodge_png(case, cast.investigator, 1).exhibit
    channel = services.name_channel(case, platform="whatsapp", name="Evening posts", at="2026-03-14", exhibit=shown,
                                    by=cast.investigator)
    taskings.note(channel, message="8 sharp", exhibits=[shown], by=cast.investigator)
    return case


def note(case: Case, cast: Cast, **more: Any) -> Payment:
    return payments.note(case, **PAID | {"exhibits": exhibits_of(case)[:1], "by": cast.investigator} | more)


def refused(act: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as found:
        act()
    return dict(found.value.message_dict)


def test_a_payment_says_who_what_how_and_what_is_shown_and_changes_no_role(case: Case, cast: Cast) -> None:
    payer = accounts.name_account(case, platform="whatsapp", handle="bilal", exhibit=exhibits_of(case)[0], by=cast.lead)
    paid = note(case, cast, payer=payer, payee_text="Rimsha", payee_tail="0142", reference="72319004412",
                taskings=list(case.taskings.all()), at="2026-03-14 21:20 +05:00")
    paid.refresh_from_db()
    assert (paid.label, paid.amount, paid.shown_amount) == ("M-001", Decimal(180), "PKR 180.00")
    payer.refresh_from_db()
    assert payer.role == "bystander" and not payer.assessments.exists()
    told = history.entries(subject=paid.word, limit=1)[0].detail
    assert (told["amount"], told["shows"]) == ("180.00", "transfer")
    assert (told["payer"], told["taskings"]) == ("S-001", ["K-001"])
    assert note(case, cast).label == "M-002"


@pytest.mark.parametrize(("bad", "field"), [
    ({"amount": "-5"}, "amount"), ({"amount": "1,180"}, "amount"), ({"amount": "1.234"}, "amount"),
    ({"amount": "1.5", "currency": "JPY"}, "amount"), ({"amount": "9" * 13}, "amount"),
    ({"currency": "XXX"}, "currency"), ({"method": "hawala"}, "method"), ({"shows": "rumour"}, "shows"),
    ({"shows": ""}, "shows"), ({"exhibits": []}, "exhibits"), ({"at": "tonight"}, "at"), ({"at": "2999-01-01"}, "at"),
    ({"payee_text": "Rimsha 0300 555 0142"}, "payee_text"), ({"payer_text": "PK36SCBL0000001123456702"}, "payer_text"),
    ({"reference": "PK36 SCBL 0000 0011 2345 6702"}, "reference"), ({"payee_tail": "50142"}, "payee_tail"),
    ({"payee_tail": "٠١٤٢"}, "payee_tail"), ({"payee_text": "x" * 201}, "payee_text")])
def test_what_is_no_amount_or_too_much_of_a_number_is_refused(case: Case, cast: Cast, bad: dict[str, Any],
                                                              field: str) -> None:
    assert list(refused(lambda: note(case, cast, **bad))) == [field]
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("amount", "currency", "shown"), [
    ("0.1", "USD", "USD 0.10"), ("1234567.5", "INR", "INR 1,234,567.50"), ("1500", "JPY", "JPY 1,500"),
    ("0.00000001", "BTC", "BTC 0.00000001"), ("1.005", "KWD", "KWD 1.005")])
def test_an_amount_is_kept_exactly(case: Case, cast: Cast, amount: str, currency: str, shown: str) -> None:
    note(case, cast, amount=amount, currency=currency)
    assert Payment.objects.get().shown_amount == shown


def test_payer_payee_tasking_and_exhibit_are_of_this_case(case: Case, cast: Cast) -> None:
    other = made(cast, "Another case")
    stranger = accounts.name_account(other, platform="x", handle="zara", exhibit=exhibits_of(other)[0], by=cast.lead)
    own = accounts.name_account(case, platform="x", handle="saba", exhibit=exhibits_of(case)[0], by=cast.lead)
    foreign: list[tuple[dict[str, Any], str]] = [
        ({"payer": stranger}, "payer"), ({"payee": stranger}, "payee"), ({"taskings": list(other.taskings.all())},
                                                                         "taskings"),
        ({"exhibits": exhibits_of(other)}, "exhibits"), ({"payer": own, "payee": own}, "payee"),
        ({"payee": own, "payee_text": "Saba"}, "payee_text")]
    for words, field in foreign:
        assert list(refused(lambda words=words: note(case, cast, **words))) == [field]
    gone = taskings.withdraw(case.taskings.get(), reason="Twice", by=cast.lead)
    assert list(refused(lambda: note(case, cast, taskings=[gone]))) == ["taskings"]


def test_totals_add_up_within_a_currency_and_a_kind_of_showing_alone(case: Case, cast: Cast) -> None:
    second = lodge_png(case, cast.lead, 2).exhibit
    for amount, currency, shows in (("0.1", "PKR", "transfer"), ("0.2", "PKR", "transfer"), ("40", "USD", "statement"),
                                    ("15", "PKR", "promise")):
        note(case, cast, amount=amount, currency=currency, shows=shows)
    wrong = note(case, cast, amount="999")
    note(case, cast, amount="500", exhibits=[second])
    payments.withdraw(wrong, reason="Another group's", by=cast.lead)
    exhibits.withdraw(second, reason="A forgery", by=cast.lead)
    made(cast, "Another case")
    assert [(one.currency, one.shows, one.shown, one.count) for one in case.payments.totals()] == [
        ("PKR", "promise", "PKR 15.00", 1), ("PKR", "transfer", "PKR 0.30", 2), ("USD", "statement", "USD 40.00", 1)]


def test_the_page_of_an_account_names_the_payments_that_name_it(case: Case, cast: Cast) -> None:
    one, two = (accounts.name_account(case, platform="whatsapp", handle=handle, exhibit=exhibits_of(case)[0],
                                      by=cast.lead) for handle in ("bilal", "rimsha"))
    note(case, cast, payer=one, payee=two)
    payments.withdraw(note(case, cast, payer=one), reason="Another group's", by=cast.lead)
    client = sign_in(cast.reviewer)
    for subject, says, other in ((one, "Payer", "Payee"), (two, "Payee", "Payer")):
        html = client.get(f"/cases/{case.ref}/accounts/{subject.label}/").content.decode()
        assert "M-001" in html and says in html and other not in html and "M-002" not in html


def test_a_withdrawn_payment_stays_and_changes_no_more(case: Case, cast: Cast) -> None:
    paid = note(case, cast)
    for person in (cast.reviewer, cast.takedown, cast.legal, cast.media, cast.auditor, cast.outsider):
        with pytest.raises(PermissionDenied):
            note(case, cast, by=person)
        with pytest.raises(PermissionDenied):
            payments.withdraw(paid, reason="x", by=person)
    edited = payments.edit(paid, **PAID | {"amount": "190"}, exhibits=exhibits_of(case), by=cast.lead)
    assert edited.shown_amount == "PKR 190.00"
    payments.withdraw(paid, reason="Twice", by=cast.lead)
    with pytest.raises(NotAllowed):
        payments.edit(paid, **PAID, exhibits=exhibits_of(case), by=cast.lead)
    assert Payment.objects.get().withdrawn_reason == "Twice"


BAD_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("payment_is_above_zero", {"amount": 0}), ("payment_words_known", {"shows": "rumour"}),
    ("payment_words_known", {"currency": "XXX"}), ("payment_withdrawn_with_a_reason", {"withdrawn_reason": "x"})]


@pytest.mark.parametrize(("constraint", "change"), BAD_ROWS)
def test_the_database_refuses_a_bad_payment_and_its_deletion(case: Case, cast: Cast, constraint: str,
                                                             change: dict[str, Any]) -> None:
    note(case, cast)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Payment.objects.update(**change)
    rows: Any = Payment.objects.all()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        rows._raw_delete("default")


def test_a_payment_goes_its_way_on_pages(case: Case, cast: Cast) -> None:
    pages, at = sign_in(cast.investigator), f"/cases/{case.ref}/channels/"
    typed = {**PAID, "exhibits": "E-001", "taskings": "K-001", "payee_text": "رمشا", "payee_tail": "0142",
             "at": "2026-03-14"}
    assert 'value="K-001"' in pages.get(f"{at}payments/new/?tasking=K-001").content.decode()
    empty = pages.post(f"{at}payments/new/", {"exhibits": "E-001"})
    assert empty.status_code == 422 and '<a href="#id_currency">' in empty.content.decode()
    html = pages.post(f"{at}payments/new/", typed, follow=True).content.decode()
    assert "PKR 180.00" in html and "رمشا" in html and "…0142" in html and "changes nobody" in html
    for path in ("C-001/", "taskings/K-001/"):
        assert "/payments/M-001/" in pages.get(f"{at}{path}").content.decode()
    assert 'data-shape="payment"' in pages.get(f"{at}C-001/").content.decode()
    table = pages.get(f"{at}payments/").content.decode()
    assert "The screen of a transfer" in table and "nothing is converted" in table
    html = pages.post(f"{at}payments/M-001/edit/", typed | {"amount": "181.5"}, follow=True).content.decode()
    assert "PKR 181.50" in html
    pages.post(f"{at}payments/M-001/withdraw/", {"reason": "Twice"})
    table = pages.get(f"{at}payments/").content.decode()
    assert "nothing is converted" not in table and 'data-state="withdrawn"' in table


def test_payments_go_by_calls_and_no_other_case_is_told(case: Case, cast: Cast) -> None:
    other, headers = made(cast, "Another case"), bearer(cast.investigator)

    def call(verb: str, path: str, where: Case = case, **body: Any) -> Any:
        return getattr(Client(), verb)(f"/api/v1/cases/{where.ref}/{path}", body or None, headers=headers,
                                         content_type="application/json")

    body: dict[str, Any] = {**PAID, "exhibits": ["E-001"], "taskings": ["K-001"]}
    assert "amount" in call("post", "payments/", **body | {"amount": 180.1}).json()["errors"]
    assert call("post", "payments/", **body).json()["amount"] == "180.00"
    assert call("put", "payments/M-001/", **body | {"amount": "1"}).json()["amount"] == "1.00"
    assert call("get", "payments/totals/").json() == [
        {"currency": "PKR", "shows": "transfer", "amount": "1.00", "count": 1}]
    assert call("get", "payments/totals/", other).json() == [] and call("get", "payments/", other).json()["count"] == 0
    assert call("get", "payments/M-001/", other).status_code == 404
    assert call("post", "payments/M-001/withdraw/", reason="Twice").json()["withdrawn_at"]
    for path in ("payments/", "payments/totals/", "payments/M-001/"):
        assert Client().get(f"/api/v1/cases/{case.ref}/{path}", headers=bearer(cast.outsider)).status_code == 404


def test_the_second_of_two_who_edit_one_payment_is_told(case: Case, cast: Cast) -> None:
    paid, at = note(case, cast), f"/cases/{case.ref}/channels/payments/M-001/edit/"
    typed = {**PAID, "amount": "180.00", "exhibits": "E-001", "made_from": payments.edition(paid).version}
    assert sign_in(cast.lead).post(at, typed | {"reference": "First"}).status_code == 302
    late = sign_in(cast.investigator).post(at, typed | {"reference": "Second"})
    html = late.content.decode()
    assert late.status_code == 409 and 'value="Second"' in html and html.count("What is there now") == 1
    stale = Client().put(f"/api/v1/cases/{case.ref}/payments/M-001/", PAID | {"exhibits": ["E-001"]},
                         content_type="application/json", headers=bearer(cast.lead) | {"If-Match": '"0"'})
    assert stale.status_code == 412 and stale.json()["now"]["content"]["reference"] == "First"


@pytest.mark.parametrize("rows", [3, 30])
def test_the_table_takes_as_many_queries_for_30_rows_as_for_3(
        case: Case, cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for at in range(rows):
        note(case, cast, amount=str(1000 + at), taskings=list(Tasking.objects.all()))
    pages, calls = sign_in(cast.investigator), bearer(cast.investigator)
    pages.get("/cases/")
    with django_assert_num_queries(10):
        assert f"PKR 1,0{rows - 1:02d}.00" in pages.get(f"/cases/{case.ref}/channels/payments/").content.decode()
    with django_assert_num_queries(8):
        assert Client().get(f"/api/v1/cases/{case.ref}/payments/", headers=calls).json()["count"] == rows
