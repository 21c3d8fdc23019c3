"""X's archive: what its files say, as values. Knows no database."""
