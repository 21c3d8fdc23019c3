"""What the tests of all apps share: the cast, scenes, made-up files, readers of HTML."""
