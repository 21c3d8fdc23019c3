"""The demo community: a dozen invented people, what they say and what it looks like, so that a
newcomer sees a living site at once.
"""

DOMAIN = "demo.example"  # of all its e-mail addresses: nobody reads what is sent there
