"""What a handle may be: the rules that sign-up, a change of handle and an import share.

Knows no database.
"""

import re

LOCAL = re.compile(r"[A-Za-z0-9_]{1,15}", re.ASCII)
RULE = "A handle has 1 to 15 characters: letters from A to Z, digits and underscores."
# X has a few that are longer than its own rule allows
IMPORTED = re.compile(r"[A-Za-z0-9_]{1,30}", re.ASCII)

# The first step of every address that the site uses or may come to use, and names that would pass
# for the site's own.
RESERVED = frozenset(
    """
    about abuse account accounts admin administrator api app archive archives assets auth blog
    bookmarks complete compose contact dashboard demo deck drafts explore favicon feed feeds
    followers following health help home hashtag i inbox info intent invite jobs legal likes lists
    login logout mail mailer me media messages microblog moderation moderator moderators new news
    notifications null official oauth password policy post posts press privacy profile register
    removal report reports root rss rules search security settings share signin signout signup
    site staff static status statuses support system tag tags team terms timeline tos transparency
    undefined user users verify webmaster well_known www
""".split()
)


def is_reserved(handle: str) -> bool:
    return handle.lower() in RESERVED


def full_handle(handle: str, host: str) -> str:
    """Return what an account is called: "ada", and "ada@x.com" where it is from elsewhere."""
    return f"{handle}@{host}" if host else handle


def split(name: str) -> tuple[str, str]:
    """Return handle and host, in lower case, of what somebody is called ("" for a local one)."""
    handle, _, host = name.lower().partition("@")
    return handle, host
