"""Forms in which one says something: a post or a thread, an edit, a draft, a description."""
