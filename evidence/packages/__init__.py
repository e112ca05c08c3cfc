"""Packages that others made (BagIt, as one Zip file): checked in the jail, what their senders declare kept beside our
own hashes, and their files taken out. May use intake, custody, store and the jail.

Never changes a package, and takes nothing out of one that is not valid."""
