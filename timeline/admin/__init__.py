"""The admin of what people say: a module for each of its tables."""

from timeline.admin import attached, keyword_rules, link_cards, posts, tags

__all__ = ["attached", "keyword_rules", "link_cards", "posts", "tags"]
