"""Who did what to which subject: record, sequence, checkpoint, prove, verify.

May use tlog and store. Never updates or deletes."""
