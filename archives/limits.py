"""How often one person may take their account along."""

from datetime import timedelta

from microblog.web.ratelimit import Limit

EXPORTS = Limit(
    "exports", 3, timedelta(days=1), "You have asked for your archive three times within a day."
)
