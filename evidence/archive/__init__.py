"""The second copy, on another storage, read back and proven. May use intake, custody and store."""
