"""What this machine is like while evidence comes in: its software, its clock, and how its last self-test went.

May use custody, store and jail. Changes nothing but the record of its tests."""
