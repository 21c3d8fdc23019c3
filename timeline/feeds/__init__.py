"""Reading: lists of posts, what their rows need, and what counts mean."""
