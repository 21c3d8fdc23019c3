"""How an archive becomes posts."""
