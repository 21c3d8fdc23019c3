"""Mails of what one is told: to whom, when, in which words, and how one has no more of them."""
