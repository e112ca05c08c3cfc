"""Tags that an account may bear in a case: a closed table of what accounts do.

A view, a party, a faith or an origin is no behaviour, and there is no tag for one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.TextChoices):
    TOGETHER = "together", _("Posts within seconds of others")
    SAME_TEXT = "same_text", _("Posts the same text as others")
    REPOSTS = "reposts", _("Reposts and writes nothing")
    ROUND_THE_CLOCK = "round_the_clock", _("Posts around the clock")
    BURSTS = "bursts", _("Posts in bursts")
    HASHTAG_FLOOD = "hashtag_flood", _("Floods a hashtag")
    REPLY_FLOOD = "reply_flood", _("Floods replies")
    NEW = "new", _("Created shortly before it posted")
    WOKEN = "woken", _("Silent for long, then active")
    RENAMED = "renamed", _("Changes its name")
    OTHERS_PICTURE = "others_picture", _("Uses a picture of somebody else")
    DELETES = "deletes", _("Deletes what it posted")
    FOLLOWS_IN_BULK = "follows_in_bulk", _("Follows in bulk")
