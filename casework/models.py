"""The index of this floor's models, for Django only. Rooms import each other's models by their rooms."""

from casework.accounts.models import Account, Assessment, Observation, Subject
from casework.approvals import Approval
from casework.campaigns.models import Campaign, Cause, Listing, Mark, Push
from casework.cases.models import Case, Hold, Membership
from casework.channels.models import Channel, ChannelObservation, Dated, Entry
from casework.channels.payment_models import Payment
from casework.channels.tasking_models import Tasking
from casework.exhibits.models import Exhibit, LodgingKey, Sighting, Unlocking, Unpacking, Upload
from casework.exports.models import Alarm, Export, Stop
from casework.findings.models import Alternative, Citation, Finding, Revision, Tag
from casework.people.models import ApiToken, Device, DeviceMail, Identity, Invitation, SignIn, User
from casework.posts.models import Import, Post, Row, Unread
from casework.takedowns.models import Notice, Target

__all__ = ["Account", "Alarm", "Alternative", "ApiToken", "Approval", "Assessment", "Campaign", "Case", "Cause",
           "Channel", "ChannelObservation", "Citation", "Dated", "Device", "DeviceMail", "Entry", "Exhibit", "Export",
           "Finding", "Hold", "Identity", "Import", "Invitation", "Listing", "LodgingKey", "Mark", "Membership",
           "Notice", "Observation", "Payment", "Post", "Push", "Revision", "Row", "Sighting", "SignIn", "Stop",
           "Subject", "Tag", "Target", "Tasking", "Unlocking", "Unpacking", "Unread", "Upload", "User"]
