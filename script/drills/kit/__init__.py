"""What drills share: homes, servers, clients with a ledger, hands that break things.

It may use the product and the cast of its tests. What imports models is loaded by `bare.run`, once Django is up, or is
a program of its own that gets its settings from a server's home."""

import sys

from stack.install import ROOT

if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))
