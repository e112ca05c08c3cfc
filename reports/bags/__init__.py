"""The package that travels with a sealed dossier: BagIt 1.0 with originals, proofs and the verifiers (docs/bag.md).

May read the vault and sealed dossiers. Never changes what it packs."""
