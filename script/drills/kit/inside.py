"""Drills need the project's packages: go on in its own interpreter."""

import os
import sys

from stack import install


def enter(*words: str) -> None:
    """Set up what the project needs and begin again in its interpreter, unless this is it; "--dev" for what tests
    need, too."""
    if not install.inside():
        if failed := install.main(list(words)):
            sys.exit(failed)
        os.execv(install.PYTHON, [str(install.PYTHON), os.path.abspath(sys.argv[0]), *sys.argv[1:]])
