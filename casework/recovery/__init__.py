"""After a rewind: what is lost, told to everybody who signs in, and the declaration by which two administrators let the
log go on. May use people. Restores nothing itself and lists nobody's evidence."""
