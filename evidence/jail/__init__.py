"""The only way to parse foreign bytes: a child process without network, database, keys or store.

May use nothing of ours."""
