"""People: who signs in (User), who appears (Account), and who follows whom."""
