"""Ground floor: the vault. Keeps bytes and says what happened to them. No views, no URLs, no users, no cases."""
