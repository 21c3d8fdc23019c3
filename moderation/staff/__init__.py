"""What moderators use."""
