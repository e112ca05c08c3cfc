"""What a case knows in the formats of others: tables as CSV, and STIX 2.1. May use all rooms below; changes nothing.

It names nobody who is a bystander, and no cause: a cause hangs on campaigns alone, and no file leads from one to an
account."""
