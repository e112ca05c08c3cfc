"""Artefacts that are wrong: `mutate(artefact, random)` changes a valid one and says which verdicts are right for it."""

import random
from dataclasses import replace

from tests.evidence import mutants_bytes, mutants_forms, mutants_keys, mutants_outside, mutants_restored, mutants_sealed
from tests.evidence.bags import Artefact

KINDS = {"bytes": mutants_bytes.MUTATORS, "sealed": mutants_sealed.MUTATORS,
         "forms": mutants_forms.MUTATORS, "keys": mutants_keys.MUTATORS, "outside": mutants_outside.MUTATORS,
         "restored": mutants_restored.MUTATORS}


def mutate(artefact: Artefact, chance: random.Random) -> Artefact:
    """Tries mutators until one fits."""
    while True:
        kind = chance.choice(sorted(KINDS))
        mutator = chance.choice(KINDS[kind])
        made = mutator(artefact, chance)
        if made is not None:
            what = made.what if made.what != artefact.what else mutator.__name__
            return replace(made, what=f"{kind}: {what}")
