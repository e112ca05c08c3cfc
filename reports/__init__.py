"""Top floor: carries sealed words out of the house. May use casework and evidence."""
