"""What every app asks of the database: locks, clamped counters, fields, lookups."""
