"""Writing: the composer, what waits in it, and names as they are typed."""
