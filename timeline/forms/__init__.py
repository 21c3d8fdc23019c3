"""What one fills in to say something: a post or a thread, an edit, a draft, a description."""
