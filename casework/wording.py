"""HALL: the words of casework.sentences: one text for each Act and each Kind, and how values in them are called."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.access import Role
from casework.record import Act
from evidence.custody.kinds import Kind

ACTS: dict[str, Promise] = {
    Act.CASE_OPENED: _("{who} opened the case {what}."),
    Act.CASE_CLOSED: _("{who} closed the case {what}. Reason: {reason}"),
    Act.CASE_REOPENED: _("{who} reopened the case {what}. Reason: {reason}"),
    Act.HOLD_PLACED: _("{who} placed a legal hold on {what}: {matter}. Legal basis: {basis}"),
    Act.HOLD_LIFTED: _("{who} lifted a legal hold from {what}: {matter}. Reason: {reason}"),
    Act.RETENTION_SET: _("{who} set how long {what} is kept after closing: {days} days. Rule: {basis}"),
    Act.MEMBER_ADDED: _("{who} gave {name} the role {role}."),
    Act.MEMBER_ENDED: _("{who} took the role {role} from {name}."),
    Act.PERSON_INVITED: _("{who} invited {name}."),
    Act.PERSON_JOINED: _("{who} set a password and joined."),
    Act.PERSON_DISABLED: _("{who} disabled {name}."),
    Act.PERSON_ENABLED: _("{who} let {name} in again."),
    Act.PERSON_RESET: _("{who} made a link with which {name} sets a new password."),
    Act.PERSON_RENAMED: _("{who} is called {name} from now on."),
    Act.SIGNED_IN: _("{who} signed in."),
    Act.SIGNED_OUT: _("{who} signed out."),
    Act.SIGN_IN_FAILED: _("{who} turned away somebody who wanted to sign in as {name}."),
    Act.REFUSED: _("{who} was refused: {method} {route} ({status}) in {what}."),
    Act.AUDIT_READ: _("{who} read the audit of the system."),
    Act.ACCESS_REPORTED: _("{who} asked who could open {what}, and who did, from {start} to {end}."),
    Act.PASSWORD_CHANGED: _("{who} changed their password. Their API tokens and open links ended with it."),
    Act.FACTOR_ADDED: _("{who} switched on an authenticator app for signing in."),
    Act.FACTOR_REMOVED: _("{who} switched off the authenticator app for signing in."),
    Act.RECOVERY_CODES_MADE: _("{who} made new recovery codes for signing in."),
    Act.PASSKEY_ADDED: _("{who} added the passkey {name} for signing in."),
    Act.PASSKEY_RENAMED: _("{who} calls the passkey {before} {name} from now on."),
    Act.PASSKEY_REMOVED: _("{who} removed the passkey {name}: it signs nobody in any more."),
    Act.PASSKEY_DOUBTED: _("The passkey {name} of {who} was refused: its counter went back, as that of a copy does."),
    Act.FACTORS_FORGOTTEN: _("{who} took all second factors of {name} away, so that they can add a new one."),
    Act.IDENTITY_BOUND: _("{who} connected the account at {issuer} that signs them in from now on."),
    Act.IDENTITY_FORGOTTEN: _("{who} took the account at the provider that signed {name} in away."),
    Act.SESSIONS_ENDED: _("{who} signed {name} out, in {sessions} sessions."),
    Act.TOKEN_MADE: _("{who} made the API token {token}."),
    Act.TOKEN_REVOKED: _("{who} revoked the API token {token}."),
    Act.EXHIBIT_LODGED: _("{who} lodged {what}, SHA-256 {sha256}."),
    Act.EXHIBIT_SIGHTED: _("{who} brought the bytes of {what} again: a sighting, no second copy."),
    Act.EXHIBIT_EDITED: _("{who} changed the title, the note or the marking of {what}."),
    Act.EXHIBIT_WITHDRAWN: _("{who} withdrew {what}. Reason: {reason}"),
    Act.EXHIBIT_VIEWED: _("{who} viewed {what}."),
    Act.EXHIBIT_DOWNLOADED: _("{who} downloaded the original of {what}, SHA-256 {sha256}."),
    Act.ORIGINAL_UNLOCKED: _("{who} unlocked the locked original of {what} for themselves. Reason: {reason}"),
    Act.UNLOCKING_SEEN: _("{who} looked into why {name} unlocked the original of {what}."),
    Act.EXHIBITS_LISTED: _("{who} looked at a list of exhibits ({count})."),
    Act.EXPORT_ALARM: _("{who} raised an alarm: {name} took {files} files out of {what} within an hour, "
                        "{bytes} bytes."),
    Act.EXPORT_ALARM_SEEN: _("{who} looked into the alarm about what {name} took out."),
    Act.EXPORTS_STOPPED: _("{who} stopped the downloads of {name} from {what}. Reason: {reason}"),
    Act.EXPORTS_ALLOWED: _("{who} let {name} download from {what} again."),
    Act.EXHIBIT_VERIFIED: _("{who} had {what} verified again: {outcome}."),
    Act.CASE_VERIFIED: _("{who} had the whole case {what} verified again: {outcome}."),
    Act.PACKAGE_ASKED: _("{who} asked to have {what} checked as a package."),
    Act.PACKAGE_CHECKED: _("{who} checked it as a package (BagIt): {checked}."),
    Act.PACKAGE_UNPACKED: _("{who} asked to lodge files of the package {what}: {files}."),
    Act.RECEIPT_SENT: _("{who} had the receipt of {what} sent to their own mail address."),
    Act.PROOF_TAKEN: _("{who} took the proof of entry {index}."),
    Act.ACCOUNT_NAMED: _("{who} named the account {handle} as {what}, on exhibit {exhibit}."),
    Act.ACCOUNT_OBSERVED: _("{who} noted that {what} called itself {handle}, as exhibit {exhibit} shows."),
    Act.OBSERVATION_WITHDRAWN: _("{who} withdrew that {what} called itself {handle}, as exhibit {exhibit} was said to "
                                 "show. Reason: {reason}"),
    Act.ACCOUNT_IDENTIFIED: _("{who} gave {what} the stable id {stable_id} of the platform."),
    Act.PLATFORM_CLAIM_NOTED: _("{who} noted what the platform says of {what}, as exhibit {exhibit} shows."),
    Act.PLATFORM_CLAIM_WITHDRAWN: _("{who} withdrew a note of what the platform says of {what}. Reason: {reason}"),
    Act.ROLE_PROPOSED: _("{who} proposed the role {to_role} for {what}; a second person decides."),
    Act.ROLE_ASSESSED: _("The role of {what} is now {to_role}, by {who}."),
    Act.ROLE_RETURNED: _("{who} did not agree to the role {to_role} for {what}. Reason: {reason}"),
    Act.PERSONA_STATED: _("{who} stated the persona of {what}."),
    Act.LOCATION_ASSESSED: _("{who} assessed where {what} is run from."),
    Act.ACCOUNTS_LINKED: _("{who} wrote down what {what} has to do with {other}."),
    Act.ACCOUNT_LINK_WITHDRAWN: _("{who} withdrew what {what} was said to have to do with {other}. Reason: {reason}"),
    Act.ACCOUNTS_MERGED: _("{who} merged {what} into {into}: they are one account. Reason: {reason}"),
    Act.ACCOUNTS_UNMERGED: _("{who} undid the merge of {what} into {into}. Reason: {reason}"),
    Act.SUBJECT_TAGGED: _("{who} chose the tags of {what}."),
    Act.EXCULPATORY_NOTED: _("{who} noted what speaks for {what}."),
    Act.INCRIMINATING_NOTED: _("{who} noted what speaks against {what}."),
    Act.SUBJECT_NOTE_WITHDRAWN: _("{who} withdrew a note on {what}. Reason: {reason}"),
    Act.CHANNEL_NAMED: _("{who} named the channel {what}, on exhibit {exhibit}."),
    Act.CHANNEL_EDITED: _("{who} changed what is kept of the channel {what}."),
    Act.CHANNEL_WITHDRAWN: _("{who} withdrew the channel {what}. Reason: {reason}"),
    Act.CHANNEL_OBSERVED: _("{who} noted of the channel {what}, as exhibit {exhibit} shows: {fact}."),
    Act.CHANNEL_OBSERVATION_WITHDRAWN: _("{who} withdrew an observation of the channel {what}: {fact}. "
                                         "Reason: {reason}"),
    Act.TASKING_NOTED: _("{who} noted the tasking {what}, handed out in the channel {channel}."),
    Act.TASKING_EDITED: _("{who} changed the tasking {what}."),
    Act.TASKING_WITHDRAWN: _("{who} withdrew the tasking {what}. Reason: {reason}"),
    Act.PAYMENT_NOTED: _("{who} noted the payment {what}, of {amount} {currency}: {shows}."),
    Act.PAYMENT_EDITED: _("{who} changed the payment {what}, of {amount} {currency}: {shows}."),
    Act.PAYMENT_WITHDRAWN: _("{who} withdrew the payment {what}. Reason: {reason}"),
    Act.TASK_MADE: _("{who} set the task {what}."),
    Act.TASK_EDITED: _("{who} changed the task {what}."),
    Act.TASK_FINISHED: _("{who} finished the task {what}."),
    Act.TASK_DROPPED: _("{who} dropped the task {what}. Reason: {reason}"),
    Act.TASK_REOPENED: _("{who} reopened the task {what}."),
    Act.NOTE_WRITTEN: _("{who} wrote the note {what}."),
    Act.NOTE_WITHDRAWN: _("{who} withdrew the note {what}. Reason: {reason}"),
    Act.CAMPAIGN_NAMED: _("{who} named the campaign {what}."),
    Act.CAMPAIGN_EDITED: _("{who} changed what is kept of the campaign {what}."),
    Act.CAMPAIGN_WITHDRAWN: _("{who} withdrew the campaign {what}. Reason: {reason}"),
    Act.CAMPAIGN_MARKED: _("{who} marked the campaign {what} with what exhibit {exhibit} shows: {kind}."),
    Act.CAMPAIGN_MARK_WITHDRAWN: _("{who} withdrew a mark of the campaign {what}: {kind}. Reason: {reason}"),
    Act.CAUSE_NAMED: _("{who} named the cause {what}."),
    Act.CAUSE_EDITED: _("{who} changed the cause {what}."),
    Act.CAUSE_WITHDRAWN: _("{who} withdrew the cause {what}. Reason: {reason}"),
    Act.CAUSE_ATTACHED: _("{who} wrote down that the campaign {what} pushes the cause {cause}."),
    Act.CAUSE_DETACHED: _("{who} withdrew that the campaign {what} pushes the cause {cause}. Reason: {reason}"),
    Act.LISTING_ADDED: _("{who} wrote down a listing: {name}."),
    Act.LISTING_WITHDRAWN: _("{who} withdrew the listing {name}. Reason: {reason}"),
    Act.IMPORT_BEGUN: _("{who} had {what} read for messages and posts as {format}: import {number}."),
    Act.IMPORT_READ: _("{who} read {what} to its end for import {number}: {rows} rows, whose chain of hashes ends with "
                       "{rows_sha256}."),
    Act.IMPORT_STOPPED: _("{who} stopped reading {what} for import {number} after {rows} rows. Reason: {reason}"),
    Act.IMPORT_WITHDRAWN: _("{who} withdrew the import {number} of {what}. Reason: {reason}"),
    Act.POSTS_LISTED: _("{who} listed {shown} messages and posts."),
    Act.POST_VIEWED: _("{who} viewed the message or post {number}, with its bytes in {what}."),
    Act.MATCHES_EXPORTED: _("{who} took out a table of what carries the text of the tasking {what}: {rows} rows, "
                            "SHA-256 {sha256}. Purpose: {purpose}"),
    Act.CASE_EXPORTED: _("{who} took {file} out of the case: {rows} rows, SHA-256 {sha256}. Purpose: {purpose}"),
    Act.TIMELINE_EXPORTED: _("{who} took out the timeline of {what} as {format}: {rows} rows, SHA-256 {sha256}. "
                             "Purpose: {purpose}"),
    Act.NETWORK_EXPORTED: _("{who} took out the network of {what} as {format}: {nodes} nodes, {edges} edges, SHA-256 "
                            "{sha256}."),
    Act.FINDING_WRITTEN: _("{who} wrote the finding {what}."),
    Act.FINDING_EDITED: _("{who} changed the finding {what}."),
    Act.FINDING_SUBMITTED: _("{who} gave the finding {what} to review."),
    Act.FINDING_REVIEWED: _("{who} reviewed the finding {what} and agreed."),
    Act.FINDING_RETURNED: _("{who} sent the finding {what} back. Reason: {reason}"),
    Act.ROUTE_WRITTEN: _("{who} wrote down how to report to a platform: {name}."),
    Act.ROUTE_ENDED: _("{who} took a way to report to a platform out of use: {name}. Reason: {reason}"),
    Act.POLICY_WRITTEN: _("{who} wrote down a policy of a platform: {name}."),
    Act.POLICY_ENDED: _("{who} took a policy of a platform out of use: {name}. Reason: {reason}"),
    Act.PLATFORMS_LOADED: _("{who} took in what came with the software about platforms, issue {issue}, "
                            "SHA-256 {sha256}."),
    Act.NOTICE_DRAFTED: _("{who} drafted the takedown request {what}."),
    Act.NOTICE_EDITED: _("{who} changed the takedown request {what}."),
    Act.TARGET_ADDED: _("{who} added a target to the takedown request {what}."),
    Act.TARGET_REMOVED: _("{who} removed a target from the takedown request {what}."),
    Act.NOTICE_MOVED: _("{who} moved the takedown request {what} on to: {state}."),
    Act.TARGET_DECIDED: _("{who} noted the outcome of a target of {what}: {outcome}."),
    Act.APPROVAL_PROPOSED: _("{who} asked for a second person's approval of {what}."),
    Act.APPROVAL_GIVEN: _("{who} approved {what} as the second person."),
    Act.APPROVAL_REFUSED: _("{who} did not approve {what}. Reason: {reason}"),
    Act.LOG_KEY_ROTATED: _("{who} made a new key for the log; it signs checkpoints from {size} entries on."),
    Act.LOG_KEY_RETIRED: _("{who} retired a key of the log; the last checkpoint that it signed has {size} entries."),
    Act.LOG_KEY_REVOKED: _("{who} revoked a key of the log: from {size} entries on its signature counts for nothing."),
    Act.ERASURE_PROPOSED: _("{who} proposed to erase what {count} events say. Reason: {reason}; legal basis: {basis}"),
    Act.EVENTS_ERASED: _("{who} and {approver} erased what {count} events said. Reason: {reason}; "
                         "legal basis: {basis}"),
    Act.DISPOSAL_PROPOSED: _("{who} proposed to dispose of {count} exhibits. Reason: {reason}; legal basis: {basis}"),
    Act.EXHIBITS_DISPOSED: _("{who} and {approver} disposed of {count} exhibits. Reason: {reason}; "
                             "legal basis: {basis}"),
    Act.FIXITY_ROUTINE: _("{who} read {checks} stored files again on schedule, {bytes} bytes: {damaged} newly "
                            "damaged."),
    Act.UNREFERENCED_CLEARED: _("{who} cleared away {files} files of uploads that were cut off: nothing named them."),
    Act.DAMAGE_FOUND: _("{who} found bytes of {what} in the {place} damaged: {problem}. SHA-256 {sha256}."),
    Act.HEALING_PROPOSED: _("{who} proposed to heal the bytes {sha256} in the {place} from the other copy. "
                            "Reason: {reason}"),
    Act.BYTES_HEALED: _("{who} and {approver} had bytes of {what} in the {place} healed from the other copy. "
                        "Read back: {match}. Reason: {reason}"),
    Act.HEALED_ELSEWHERE: _("{who} healed bytes of {what} in the {place} from the other copy, as two people ordered in "
                            "another case. Read back: {match}."),
    Act.BACKUP_MADE: _("{who} backed up {size} entries of the log and {blobs} files."),
    Act.BACKUP_RESTORED: _("{who} put the log back from a backup with {size} entries. Nobody is known to hold more."),
    Act.RESTORE_PROPOSED: _("{who} proposed to declare that the log was put back. Reason: {reason}"),
    Act.LOG_RESTORED: _("{who} and {approver} declared that the log was put back: it goes on from {restored} entries, "
                        "and a history of {given_up} is given up. Reason: {reason}"),
    Act.DOSSIER_COMPOSED: _("{who} composed the dossier {what}."),
    Act.DOSSIER_MOVED: _("{who} moved the dossier {what} on to: {state}."),
    Act.DOSSIER_SEALED: _("{who} sealed the dossier {what}, SHA-256 {sha256}."),
    Act.DOSSIER_DOWNLOADED: _("{who} downloaded the dossier {what}. Purpose: {purpose}"),
    Act.BAG_ASKED: _("{who} asked for the package of the dossier {dossier}."),
    Act.BAG_MADE: _("{who} packed the dossier {dossier} with its exhibits and proofs, SHA-256 {sha256}."),
    Act.BAG_FAILED: _("{who} could not pack the dossier {dossier}. Reason: {reason}"),
    Act.BAG_DOWNLOADED: _("{who} downloaded the package of the dossier {dossier}. Purpose: {purpose}"),
}

KINDS: dict[str, Promise] = {
    Kind.ACCESSION: _("{who} brought in “{name}”, {size} bytes, SHA-256 {sha256}."),
    Kind.FIXITY: _("{who} hashed the stored bytes again: {match}."),
    Kind.DERIVATION: _("{who} read it for a picture and metadata: {outcome}."),
    Kind.REPLICATION: _("{who} wrote the second copy, read it back and compared: {match}."),
    Kind.VIRUS_CHECK: _("{who} screened it for malware with {engine}: {screened}."),
    Kind.REDACTION: _("{who} made a redacted copy."),
    Kind.ACCESS: _("{who} viewed {what}."),
    Kind.EXPORT: _("{who} took out a copy of {what}."),
    Kind.TRANSFER: _("{who} handed {what} over."),
    Kind.SEALING: _("{who} sealed {what}."),
    Kind.RELEASE: _("{who} released {what}."),
    Kind.HOLD: _("{who} put {what} on hold."),
    Kind.DISPOSAL: _("{who} went to take the bytes {sha256} out of the {place}: {removal}."),
    Kind.DECISION: _("{who} decided about {what}."),
}

# A file that came out of a package.
UNPACKED = _("{who} brought in “{name}” out of the package {package}, from {path}; {size} bytes, SHA-256 {sha256}, "
             "as its sender declared.")
# A file that was lodged as a part of a captured page.
PART_LODGED = _("{who} lodged {what}, part {position} of {of}, {part}: SHA-256 {sha256}.")
PARTS: dict[str, Promise] = {
    "picture": _("the picture of the page"), "source": _("the source of the page"), "archive": _("a web archive"),
    "other": _("another file"),
}

# In the place of an event that is none: somebody put it into the database behind the program's back.
UNREADABLE = _("What was recorded here about {what} is no event that can be read. Verifying names what is "
               "wrong with it.")
# In the place of an event whose words are gone.
ERASED = _("What was recorded here about {what} was erased on {at} by {who} and {approver}. Reason: {reason}; "
           "legal basis: {basis}")

WORDS: dict[str, Any] = {
    **dict(Role.choices),
    "bystander": _("bystander"), "participant": _("participant, knowledge unknown"),
    "knowing": _("knowing participant"), "organiser": _("organiser"),
    "holds": _("everything holds"), "fails": _("something does not hold"),
    "failed": _("it failed"), "made": _("they are made"), "unparsed": _("it could not be read"),
    "draft": _("draft"), "in_review": _("in review"), "rights_review": _("rights review"), "approved": _("approved"),
    "returned": _("returned"), "sent": _("sent"), "acknowledged": _("acknowledged"), "decided": _("decided"),
    "closed": _("closed"), "withdrawn": _("withdrawn"), "rendering": _("being made"), "sealed": _("sealed"),
    "removed": _("removed"), "restricted": _("restricted"), "labelled": _("labelled"),
    "suspended": _("account suspended"), "terminated": _("account terminated"), "partial": _("partly actioned"),
    "store": _("store"), "evidence": _("store"), "archive": _("archive"), "changed": _("they are not what they were"),
    "gone": _("they are gone"), "unreadable": _("they cannot be read"),
    "refused": _("refused"), "duplicate": _("duplicate"), "no_answer": _("no answer"),
    "transfer": _("the screen of a transfer"), "receipt": _("a receipt"), "statement": _("what the payee says"),
    "promise": _("a promise in a message"),
    "hashtag": _("a hashtag"), "slogan": _("a slogan"),
    "first_seen": _("when it was first seen"), "created": _("when it was created"), "name": _("its name"),
    "invite": _("an invite link"), "members": _("how many members it had"), "admin": _("an admin"),
    "deleted": _("when it was deleted"), "recreated": _("as which channel it was created again"),
}
REMOVALS: dict[str, Any] = {
    "removed": _("they are taken out"), "kept": _("they stay, another record needs them"),
    "locked": _("they stay, its lock keeps them for now"),
}
CHECKED: dict[str, Any] = {
    "valid": _("it is a valid package"), "damaged": _("it is a package in which files are damaged"),
    "invalid": _("it is not a valid package"),
    "failed": _("it could not be checked"),
}
SCREENED: dict[str, Any] = {
    "clean": _("nothing was found"), "found": _("malware was found, {finding}"),
    "too_large": _("it is larger than the scanner looks at"), "failed": _("it could not be screened"),
}
# What a machine found in a file after it came in; KINDS.DERIVATION with such a thing reads so.
EXAMINED = _("{who} read it for a picture and metadata: {outcome}. Found in it: {found}.")
FOUND: dict[str, Any] = {
    "markup": _("the beginning of a page or a script"), "archive": _("an archive"), "macros": _("macros"),
    "template": _("a template from elsewhere"), "remote": _("something that is fetched from elsewhere"),
    "dde": _("a request to another program (DDE)"), "object": _("an embedded object"),
    "formula": _("a formula that fetches or calls something"),
    "preview": _("a small preview that shows another picture"),
    "program": _("a program"),
    "unexamined": _("a part that was not looked through"),
}


def listed(found: Iterable[str]) -> str:
    """These codes of FOUND in words, one after the other."""
    return str(_(", ")).join(str(FOUND[code]) for code in found if code in FOUND)


# Values under these keys are words of ours, to be said in the reader's language; all others are data.
