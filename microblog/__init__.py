"""The project: settings, URLs, how a view answers, and the small tools that every app shares."""
