"""What guards a user: where they are signed in, passkeys, codes."""
