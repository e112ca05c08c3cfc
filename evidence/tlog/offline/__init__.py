"""The offline verifier: what a stranger needs to check a bag or a receipt, with nothing of ours installed.

Parts of one file, `verify.py`, and under page/ of another, `verify.html`; assemble.py joins them. A second
implementation on purpose: the parts import the standard library and each other, and nothing else of the house."""
