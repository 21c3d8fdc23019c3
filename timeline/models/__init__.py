from timeline.models.bookmark import Bookmark
from timeline.models.draft import Draft
from timeline.models.keyword_rule import KeywordRule
from timeline.models.like import Like
from timeline.models.link_card import LinkCard
from timeline.models.media import Media
from timeline.models.mention import Mention
from timeline.models.pin import Pin
from timeline.models.post import Post
from timeline.models.revision import Revision
from timeline.models.tag import Tag, Tagging

__all__ = [
    "Bookmark",
    "Draft",
    "KeywordRule",
    "Like",
    "LinkCard",
    "Media",
    "Mention",
    "Pin",
    "Post",
    "Revision",
    "Tag",
    "Tagging",
]
