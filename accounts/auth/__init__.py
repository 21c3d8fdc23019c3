"""Signing up and in: addresses, one-time links, and who is kept out."""
