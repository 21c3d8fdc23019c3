"""Taking one's account along: what is in the archive, how it is written, when it is made."""
