"""Archives from strangers, opened with care."""
