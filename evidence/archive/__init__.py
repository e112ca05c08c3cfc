"""The second copy, on another storage: read back, locked where that storage can, read by its version for ever.

May use intake, custody and store. Never deletes, never writes over, and calls no lock a lock that was not tried."""
