"""The permission table: every address of the product, by method, and who may. A new address without a row fails.

A row names those who get through; what everybody else gets follows from the address:
    inside a case   a member without the right 403, everybody else 404, a foreign or an absent case 404 for all
    a dossier       404 for members who may not even know of it
    elsewhere       403 (404 where the row is somebody else's own)
    nobody          the sign-in page, 401 from the API
"Through" means that the door opened: the answer may still be 409 or 422, because the tests send empty forms."""

MEMBERS = "lead investigator reviewer takedown legal media auditor"
SIGNED_IN = f"{MEMBERS} outsider admin"
EVERYBODY = f"{SIGNED_IN} nobody"
ADMIN = "admin"
READERS = "lead investigator reviewer takedown legal auditor"
WORKERS = "lead investigator"
LODGERS = "lead investigator takedown"
DOWNLOADERS = "lead investigator reviewer takedown legal"
LEAD = "lead"
SECOND = "lead reviewer"
AUTHOR = "investigator"
DRAFTERS = "lead investigator takedown"
RIGHTS = "lead reviewer legal"
SENDERS = "lead takedown"
REFERRALS = "lead reviewer legal auditor"
REPORTS = f"{REFERRALS} media"
COMPOSERS = "lead legal"
ERASERS = "lead legal"
AUDITORS = "lead legal auditor"
STOPPERS = "lead legal"
HEALERS = "lead reviewer legal"
ANY_COMPOSER = "lead legal media"

Row = dict[str, str]


def both(who: str, post: str = "") -> Row:
    return {"GET": who, "POST": post or who}


PAGES: dict[str, Row] = {
    "desk:home": {"GET": SIGNED_IN},
    "people:list": {"GET": ADMIN},
    "people:invite": {"POST": ADMIN},
    "leaving:disable": both(ADMIN),
    "people:enable": {"POST": ADMIN},
    "people:reset": {"POST": ADMIN},
    "people:invite-again": {"POST": ADMIN},
    "people:end-sessions": {"POST": ADMIN},
    "people:end-session": {"POST": AUTHOR},
    "people:end-other-sessions": {"POST": SIGNED_IN},
    "people:join": both(EVERYBODY),
    "people:settings": both(SIGNED_IN),
    "people:make-token": {"POST": SIGNED_IN},
    "people:revoke-token": {"POST": AUTHOR},
    "people:language": {"POST": EVERYBODY},
    "recovery:state": {"GET": SIGNED_IN},
    "recovery:propose": both(ADMIN),
    "recovery:approve": both(ADMIN),
    "recovery:return": both(ADMIN),
    "cases:list": {"GET": SIGNED_IN},
    "cases:new": both(SIGNED_IN),
    "audit:access": {"GET": AUDITORS},
    "audit:stop": both(STOPPERS),
    "audit:lift-stop": {"POST": STOPPERS},
    "audit:alarm-seen": {"POST": STOPPERS},
    "audit:system": {"GET": ADMIN},
    "cases:overview": {"GET": MEMBERS},
    "cases:members": both(MEMBERS, LEAD),
    "cases:end-membership": {"POST": LEAD},
    "cases:keep": {"GET": MEMBERS},
    "cases:retention": both(ERASERS),
    "cases:place-hold": both(ERASERS),
    "cases:lift-hold": both(ERASERS),
    "cases:close": both(LEAD),
    "cases:reopen": both(LEAD),
    "exhibits:evidence": {"GET": READERS},
    "exhibits:lodge": both(LODGERS),
    "exhibits:capture": both(LODGERS),
    "exhibits:incoming": {"POST": LODGERS},
    "exhibits:finish": {"POST": LODGERS},
    "exhibits:address": {"POST": LODGERS},
    "exhibits:custody": {"GET": READERS},
    "exhibits:erase": both(ERASERS),
    "exhibits:disposals": {"GET": ERASERS},
    "exhibits:dispose": both(ERASERS),
    "exhibits:disposal": {"GET": ERASERS},
    "exhibits:approve-disposal": both(ERASERS),
    "exhibits:return-disposal": both(ERASERS),
    "exhibits:erasure": {"GET": ERASERS},
    "exhibits:approve-erasure": both(ERASERS),
    "exhibits:return-erasure": both(ERASERS),
    "exhibits:damages": {"GET": READERS},
    "exhibits:damage": {"GET": READERS},
    "exhibits:propose-healing": both(HEALERS),
    "exhibits:approve-healing": both(HEALERS),
    "exhibits:return-healing": both(HEALERS),
    "exhibits:verify_case": {"POST": READERS},
    "exhibits:proof": {"GET": READERS},
    "exhibits:exhibit_custody": {"GET": READERS},
    "exhibits:verify": {"POST": READERS},
    "exhibits:send_receipt": {"POST": READERS},
    "exhibits:exhibit": {"GET": READERS},
    "exhibits:edit": both(WORKERS),
    "exhibits:withdraw": both(WORKERS),
    "exhibits:receipt": both(READERS),
    "exhibits:receipt_json": {"GET": READERS},
    "exhibits:original": {"GET": DOWNLOADERS},
    "exhibits:part_original": {"GET": DOWNLOADERS},
    "exhibits:part_thumbnail": {"GET": READERS},
    "exhibits:part_receipt": {"GET": READERS},
    "exhibits:package": {"POST": LODGERS},
    "exhibits:package_lodge": {"POST": LODGERS},
    "exhibits:preview": {"GET": READERS},
    "exhibits:thumbnail": {"GET": READERS},
    "accounts:list": {"GET": READERS},
    "accounts:name": both(WORKERS),
    "accounts:subject": {"GET": READERS},
    "accounts:observe": both(WORKERS),
    "accounts:exculpatory": both(WORKERS),
    "accounts:assess": both(WORKERS),
    "accounts:confirm": both(SECOND),
    "accounts:send-back": both(SECOND),
    "findings:list": {"GET": READERS},
    "findings:new": both(WORKERS),
    "findings:finding": {"GET": READERS},
    "findings:edit": both(WORKERS),
    "findings:submit": both(WORKERS, AUTHOR),
    "findings:review": both(SECOND),
    "findings:send-back": both(SECOND),
    "takedowns:list": {"GET": READERS},
    "takedowns:new": both(DRAFTERS),
    "takedowns:notice": {"GET": READERS},
    "takedowns:edit": both(DRAFTERS),
    "takedowns:add-target": both(DRAFTERS),
    "takedowns:remove-target": {"POST": AUTHOR},
    "takedowns:decide": both(SENDERS),
    "takedowns:submit": both(DRAFTERS, AUTHOR),
    "takedowns:approve": both(RIGHTS),
    "takedowns:send-back": both(RIGHTS),
    "takedowns:send": both(SENDERS),
    "takedowns:acknowledge": both(SENDERS),
    "takedowns:close": both(SENDERS),
    "takedowns:withdraw": both(DRAFTERS),
    "dossiers:list": {"GET": REPORTS},
    "dossiers:new": both(ANY_COMPOSER),
    "dossiers:dossier": {"GET": REFERRALS},
    "dossiers:progress": {"GET": REFERRALS},
    "dossiers:recompose": both(COMPOSERS),
    "dossiers:submit": {"POST": COMPOSERS},
    "dossiers:review": both(SECOND),
    "dossiers:send-back": both(SECOND),
    "dossiers:seal": both(COMPOSERS),
    "dossiers:retry": {"POST": COMPOSERS},
    "releases:download": both(COMPOSERS),
    "releases:bag": both(COMPOSERS),
    "bags:ask": {"POST": COMPOSERS},
    "log:log": {"GET": EVERYBODY},
    "log:checkpoint": {"GET": EVERYBODY},
    "log:keys": {"GET": EVERYBODY},
    "log:tile": {"GET": EVERYBODY},
    "log:policy": {"GET": EVERYBODY},
    "log:keep": {"POST": SIGNED_IN},
    "log:verify_py": {"GET": EVERYBODY},
    "log:verify_html": {"GET": EVERYBODY},
    "csp-report": {"POST": EVERYBODY},
    "healthz": {"GET": EVERYBODY},
    "readyz": {"GET": EVERYBODY},
}

API: dict[str, Row] = {
    "api:schema": {"GET": SIGNED_IN},
    "api:docs": {"GET": SIGNED_IN},
    "api:me": {"GET": SIGNED_IN},
    "api:sessions": {"GET": SIGNED_IN},
    "api:sessions-end-others": {"POST": SIGNED_IN},
    "api:session-end": {"POST": AUTHOR},
    "api:people-end-sessions": {"POST": ADMIN},
    "api:people": both(ADMIN),
    "api:people-disable": {"POST": ADMIN},
    "api:people-enable": {"POST": ADMIN},
    "api:people-reset": {"POST": ADMIN},
    "api:recovery": both(SIGNED_IN, ADMIN),
    "api:recovery-approve": {"POST": ADMIN},
    "api:recovery-send-back": {"POST": ADMIN},
    "api:cases": both(SIGNED_IN),
    "api:case": {"GET": MEMBERS},
    "api:case-close": {"POST": LEAD},
    "api:case-reopen": {"POST": LEAD},
    "api:members": both(MEMBERS, LEAD),
    "api:end-membership": {"POST": LEAD},
    "api:log": {"GET": SIGNED_IN},
    "api:keep-checkpoint": {"POST": SIGNED_IN},
    "api:custody": {"GET": READERS},
    "api:access": {"GET": AUDITORS},
    "api:export-alarms": {"GET": AUDITORS},
    "api:export-alarm-seen": {"POST": STOPPERS},
    "api:export-stops": both(AUDITORS, STOPPERS),
    "api:export-stop-lift": {"POST": STOPPERS},
    "api:audit": {"GET": ADMIN},
    "api:retention": {"GET": MEMBERS, "PUT": ERASERS},
    "api:holds": both(MEMBERS, ERASERS),
    "api:hold-lift": {"POST": ERASERS},
    "api:disposals": both(ERASERS),
    "api:disposal": {"GET": ERASERS},
    "api:disposal-approve": {"POST": ERASERS},
    "api:disposal-send-back": {"POST": ERASERS},
    "api:erasures": both(ERASERS),
    "api:erasure": {"GET": ERASERS},
    "api:erasure-approve": {"POST": ERASERS},
    "api:erasure-send-back": {"POST": ERASERS},
    "api:damages": {"GET": READERS},
    "api:damage": {"GET": READERS},
    "api:healing": {"POST": HEALERS},
    "api:healing-approve": {"POST": HEALERS},
    "api:healing-send-back": {"POST": HEALERS},
    "api:verify-case": both(READERS),
    "api:proof": {"GET": READERS},
    "api:exhibits": both(READERS, LODGERS),
    "api:exhibit-batch": {"POST": LODGERS},
    "api:exhibit-capture": {"POST": LODGERS},
    "api:part-original": {"GET": DOWNLOADERS},
    "api:part-receipt": {"GET": READERS},
    "api:exhibit": {"GET": READERS, "PATCH": WORKERS},
    "api:exhibit-withdraw": {"POST": WORKERS},
    "api:exhibit-original": {"GET": DOWNLOADERS},
    "api:exhibit-package": both(READERS, LODGERS),
    "api:package-files": {"GET": READERS},
    "api:package-lodge": {"POST": LODGERS},
    "api:exhibit-receipt": {"GET": READERS},
    "api:exhibit-custody": {"GET": READERS},
    "api:send-receipt": {"POST": READERS},
    "api:verify-exhibit": both(READERS),
    "api:subjects": both(READERS, WORKERS),
    "api:subject": {"GET": READERS},
    "api:observations": {"POST": WORKERS},
    "api:exculpatory": {"PUT": WORKERS},
    "api:assessments": {"POST": WORKERS},
    "api:assessment-confirm": {"POST": SECOND},
    "api:assessment-send-back": {"POST": SECOND},
    "api:findings": both(READERS, WORKERS),
    "api:finding": {"GET": READERS, "PUT": WORKERS},
    "api:finding-submit": {"POST": AUTHOR},
    "api:finding-review": {"POST": SECOND},
    "api:finding-send-back": {"POST": SECOND},
    "api:platforms": {"GET": SIGNED_IN},
    "api:notices": both(READERS, DRAFTERS),
    "api:notice": {"GET": READERS, "PUT": DRAFTERS},
    "api:targets": {"POST": DRAFTERS},
    "api:target": {"DELETE": AUTHOR},
    "api:target-decide": {"POST": SENDERS},
    "api:notice-submit": {"POST": AUTHOR},
    "api:notice-approve": {"POST": RIGHTS},
    "api:notice-send-back": {"POST": RIGHTS},
    "api:notice-send": {"POST": SENDERS},
    "api:notice-acknowledge": {"POST": SENDERS},
    "api:notice-close": {"POST": SENDERS},
    "api:notice-withdraw": {"POST": DRAFTERS},
    "api:dossiers": both(REPORTS, ANY_COMPOSER),
    "api:dossier": {"GET": REFERRALS, "PUT": COMPOSERS},
    "api:dossier-submit": {"POST": COMPOSERS},
    "api:dossier-approve": {"POST": SECOND},
    "api:dossier-send-back": {"POST": SECOND},
    "api:dossier-seal": {"POST": COMPOSERS},
    "api:dossier-retry": {"POST": COMPOSERS},
    "api:dossier-download": {"POST": COMPOSERS},
    "api:bags": both(COMPOSERS),
    "api:bag-download": {"POST": COMPOSERS},
}

# django-allauth's own pages; what they do is its business, who comes to them is ours.
LIBRARY: dict[str, Row] = {route: {"GET": EVERYBODY} for route in (
    "account_login", "account_logout", "account_inactive", "account_signup", "mfa_authenticate", "mfa_login_webauthn")
} | {route: {"GET": SIGNED_IN} for route in (
    "account_change_password", "account_reauthenticate", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "mfa_add_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn")}

TABLE: dict[str, Row] = PAGES | API | LIBRARY

# Dossiers are absent for whoever may not read their kind.
KNOWN_TO: dict[str, str] = {route: REFERRALS for route in TABLE
                            if route.startswith(("dossiers:", "releases:", "bags:", "api:dossier", "api:bag"))}
