"""What was rendered once is kept in the memory of the process, by the digest of its values."""
