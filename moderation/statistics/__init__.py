"""What happened, in figures."""
