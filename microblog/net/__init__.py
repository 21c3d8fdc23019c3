"""Other people's hosts: how they are named, fetched and read."""
