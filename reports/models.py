"""The index of this floor's models, for Django only."""

from reports.bags.models import Bag
from reports.dossiers.models import Dossier
from reports.releases.models import Download

__all__ = ["Bag", "Dossier", "Download"]
