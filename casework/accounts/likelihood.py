"""How sure one is, in the fixed words of ICD-203."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Likelihood(models.TextChoices):
    """ICD-203, one row only, so that words are never mixed."""

    ALMOST_NO_CHANCE = "almost_no_chance", _("almost no chance (1–5 %)")
    VERY_UNLIKELY = "very_unlikely", _("very unlikely (5–20 %)")
    UNLIKELY = "unlikely", _("unlikely (20–45 %)")
    EVEN = "even", _("roughly even chance (45–55 %)")
    LIKELY = "likely", _("likely (55–80 %)")
    VERY_LIKELY = "very_likely", _("very likely (80–95 %)")
    ALMOST_CERTAIN = "almost_certain", _("almost certain (95–99 %)")
