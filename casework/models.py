"""The index of this floor's models, for Django only. Rooms import each other's models by their rooms."""

from casework.accounts.claim_models import PlatformClaim
from casework.accounts.dated import Dated, Entry, Withdrawable
from casework.accounts.link_models import AccountLink
from casework.accounts.merge_models import Merge
from casework.accounts.models import Account, Assessment, Observation, Subject
from casework.accounts.statement_models import LocationAssessment, PersonaStatement, Statement, SubjectNote
from casework.approvals import Approval
from casework.campaigns.models import Campaign, Cause, Listing, Mark, Push
from casework.cases.models import Case, Hold, Membership
from casework.channels.models import Channel, ChannelObservation
from casework.channels.payment_models import Payment
from casework.channels.tasking_models import Tasking
from casework.exhibits.models import Exhibit, LodgingKey, Sighting, Unlocking, Unpacking, Upload
from casework.exports.models import Alarm, Export, Stop
from casework.findings.models import Alternative, Citation, Finding, Revision, Tag
from casework.people.models import ApiToken, Device, DeviceMail, Identity, Invitation, SignIn, User
from casework.posts.models import Import, Post, Row, Unread
from casework.takedowns.models import Notice, Target
from casework.takedowns.reference_models import Policy, Reference, Route
from casework.worklist.models import Beside, Mention, Note, Task

__all__ = ["Account", "AccountLink", "Alarm", "Alternative", "ApiToken", "Approval", "Assessment", "Beside", "Campaign",
           "Case", "Cause", "Channel", "ChannelObservation", "Citation", "Dated", "Device", "DeviceMail", "Entry",
           "Exhibit", "Export", "Finding", "Hold", "Identity", "Import", "Invitation", "Listing", "LocationAssessment",
           "LodgingKey", "Mark", "Membership", "Mention", "Merge", "Note", "Notice", "Observation", "Payment",
           "PersonaStatement", "PlatformClaim", "Policy", "Post", "Push", "Reference", "Revision", "Route", "Row",
           "Sighting", "SignIn", "Statement", "Stop", "Subject", "SubjectNote", "Tag", "Target", "Task", "Tasking",
           "Unlocking", "Unpacking", "Unread", "Upload", "User", "Withdrawable"]
