"""Finding what was said, and who said it: what a query means, what posts are found by, and what is
found.
"""
