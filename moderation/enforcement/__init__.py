"""Decisions: what they do, when, and what is told and recorded of them."""
