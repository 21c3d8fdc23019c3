"""A community of any size with the shape of a real one, to try out and to measure the site with.

What it consists of is made as values, by a seed and without a database (`people`, `conversations`,
`vocabulary`, `chance`); `writing` puts them into the tables, `community` leads through both.
"""
