"""Who wrote when: lanes of senders over time, bursts of one text, and what channels handed out meanwhile. It reads
the rooms below it, and keeps nothing."""
