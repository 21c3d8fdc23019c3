"""Archives: what X hands its users, brought in."""
