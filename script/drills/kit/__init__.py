"""What drills share: homes, servers, clients with a ledger, hands that break things.

It may use the product and the cast of its tests. What imports models is loaded by `bare.run`, once Django is up."""
