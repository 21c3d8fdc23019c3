"""How much one may report, ask and write, by person and by network address."""

from datetime import timedelta

from microblog.web.ratelimit import Limit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORTS = Limit("reports", 20, HOUR, "You have sent 20 reports within the hour.")  # of one person
MESSAGES = Limit("messages", 20, DAY, "You have written 20 messages within a day.")  # on one ticket
GUESSING = Limit("reference", 30, HOUR, "Too many addresses were tried that do not exist.")
