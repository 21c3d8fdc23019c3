"""What happens when somebody publishes, edits or deletes a post."""
