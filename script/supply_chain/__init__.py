"""What script/supply knows: the lock, licences, the list of parts, advisories. It imports nothing of the product."""
