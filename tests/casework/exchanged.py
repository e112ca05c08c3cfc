"""A case with an account that takes part, a bystander, and something of every kind, for what leaves as tables."""

from typing import Any

from casework.accounts import claims, linking, notes, statements
from casework.accounts import services as accounts
from casework.accounts.models import Subject
from casework.campaigns import causes
from casework.campaigns import services as campaigns
from casework.cases.models import Case
from casework.channels import payments, taskings
from casework.channels import services as channels
from casework.findings import services as findings
from casework.worklist import notes as beside
from casework.worklist import services as tasks
from tests.casework.exporting import imported
from tests.factories import Cast, lodge_png
from tests.weighed import others, submit

CAUSE = "Freedom for the northern delta"
BYSTANDER, HIDDEN = "farid_bakes", ("farid_bakes", "Farid the Baker", "1601144", "Bread and peace")
TAKING_PART = "SanaMehr_q22"
POSTS = ("when,who,what,id\n"
         "2026-03-14T13:06:03Z,SanaMehr_q22,Build it now! #DeltaPortNow,17\n"
         "2026-03-14T13:06:09Z,farid_bakes,=1+1 says @farid_bakes to @passer_by,18\n"
         "2026-03-14T13:07:09Z,passer_by,Call me on +92 300 555 0101,19\n"
         "2026-03-14T13:08:09Z,passer_by,Nobody asked,20\n"
         "never,farid_bakes,Bread and peace,21\n")
COLUMNS = {"time": "when", "sender": "who", "text": "what", "post_id": "id"}


def fill(case: Case, cast: Cast) -> Case:
    by = cast.investigator
    shown = lodge_png(case, by, 1).exhibit
    sana = accounts.name_account(case, platform="x", handle=TAKING_PART, stable_id="1839200", display_name="Sana Mehr",
                                 exhibit=shown, address="https://x.com/SanaMehr_q22/status/1768331415029559296", by=by)
    farid = accounts.name_account(case, platform="x", handle=BYSTANDER, stable_id="1601144",
                                  display_name="Farid the Baker", exhibit=shown, by=by)
    accounts.observe(farid, handle=BYSTANDER, biography="Bread and peace", exhibit=shown, by=by)
    accounts.observe(sana, handle="Sana_before", exhibit=shown, at="2026-03-20", by=by)
    step: dict[str, Any] = {"indicators": ["payment"], "exhibits": [shown], "reason": "Paid", "against": "Once",
                            "by": by}
    accounts.assess(sana, to_role="participant", **step)
    accounts.assess(Subject.objects.get(pk=sana.pk), to_role="knowing", **step)
    notes.add(sana, bearing="for", text="She reported @farid_bakes too", by=by)
    for one, said in ((sana, "Norland"), (farid, "Bread and peace")):
        claims.note(one, kind="country", text=said, exhibit=shown, at="2026-03-15", by=by)
        statements.state_persona(one, persona="woman", basis="As @farid_bakes says", exhibits=[shown], by=by)
        statements.assess_location(one, place=said, likelihood="likely", basis="Farid the Baker said so",
                                   exhibits=[shown], by=by)
    linking.link(sana, other=farid, kind="contact", likelihood="even", basis="@farid_bakes baked for her",
                 exhibits=[shown], by=by)
    channel = channels.name_channel(case, platform="whatsapp", name="Evening posts", at="2026-03-14", exhibit=shown,
                                    by=by)
    handed = taskings.note(channel, message="=Build it now! #DeltaPortNow", exhibits=[shown], handed_out_by=sana, by=by)
    campaign = campaigns.name_campaign(case, title="Delta port", objective="To make it look wanted", languages="ur",
                                       taskings=[handed], by=by)
    campaigns.mark(campaign, kind="hashtag", text="#DeltaPortNow", exhibit=shown, at="2026-03-14", by=by)
    causes.attach(campaign, cause=causes.name_cause(case, title=CAUSE, by=by), basis="The tasking asks for it",
                  exhibits=[shown], by=by)
    payments.note(case, amount="180", currency="PKR", method="easypaisa", shows="transfer", exhibits=[shown],
                  payee=sana, payer_text="Rimsha of the shop", at="2026-03-14", by=by)
    imported(case, POSTS, by, "table", columns=COLUMNS, kind="post")
    words: dict[str, Any] = {"method": "Read the group", "likelihood": "likely", "confidence": "moderate",
                             "against": "farid_bakes was paid for bread", "alternatives": others("Advertising"),
                             "exhibits_for": [shown], "by": by}
    made = submit(findings.write(case, kind="payment", title="Posts are paid", claim="SanaMehr_q22 was paid.",
                                 subjects=[sana, farid], **words), by=by)
    findings.review(made, by=cast.reviewer)
    findings.write(case, kind="harm", title="A draft", claim="Nobody has read this.", subjects=[sana], **words)
    channels.observe(channel, fact="admin", text="Rimsha of the shop", exhibit=shown, at="2026-03-15", by=by)
    beside.write(case, text="farid_bakes is nobody", about="F-001", tell=[cast.lead], by=by)
    tasks.make(case, title="Ask farid_bakes", about="F-001", by=by)
    return case
