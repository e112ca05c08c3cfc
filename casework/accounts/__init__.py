"""Social-media accounts (public facts), observations of them, and subjects of a case (suspicion). May use exhibits."""
