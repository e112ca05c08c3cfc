"""Exports of chats and posts, read record by record in constant memory. Each record cites its bytes; every byte belongs
to one record or to a named framing.

May use the standard library and the jail's Zip reader. Runs in the jail; knows no case, no store and no clock."""
