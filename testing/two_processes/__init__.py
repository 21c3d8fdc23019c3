"""Two processes on one database: one changes what the site shows, the other is asked for it."""
