"""What people type to merge duplicates."""

from django.utils.translation import gettext_lazy as _

from casework.accounts import fields


class OtherForm(fields.InCase):
    """The account that is looked at beside this one."""

    other = fields.subject(label=_("The duplicate"))


class MergeForm(OtherForm):
    reason = fields.needed(fields.text(_("What shows that they are one account")))
