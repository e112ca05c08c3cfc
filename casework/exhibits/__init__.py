"""Lodge, number, view and download exhibits; receipts, custody pages and the public log.

The author is text here. The only room of this floor that reads or writes blobs."""
