"""Who did what to which subject: record, sequence, checkpoint, prove, verify; outside time, witnesses and holders.

May use tlog and store. Never deletes what was recorded, and updates nothing but the state of its own work."""
