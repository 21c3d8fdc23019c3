"""How much one person may change about accounts.

The same for everybody, staff too; an undoing makes no room (microblog.web.ratelimit).
"""

from datetime import timedelta

from microblog.web.ratelimit import Limit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

FOLLOWS = Limit("follows", 400, DAY, "You have followed people 400 times within a day.")  # as on X
PROFILES = Limit("profiles", 60, HOUR, "You have changed your profile 60 times within the hour.")
HANDLES = Limit("handles", 10, DAY, "You have changed your handle ten times within a day.")
BLOCKS = Limit("blocks", 1000, DAY, "You have blocked people 1,000 times within a day.")
LEAVING = Limit("leaving", 5, DAY, "You have deactivated your account five times within a day.")
MUTES = Limit("mutes", 1000, DAY, "You have muted people or words 1,000 times within a day.")
