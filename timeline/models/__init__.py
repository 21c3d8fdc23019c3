from timeline.models.draft import Draft
from timeline.models.engagement import Bookmark, Like, Pin
from timeline.models.entities import Mention, RisingTag, Tag, TagFollow, Tagging
from timeline.models.keyword_rule import KeywordRule
from timeline.models.link_card import LinkCard
from timeline.models.media import Media
from timeline.models.notification import Notification, NotificationSettings
from timeline.models.post import Post
from timeline.models.revision import Revision
from timeline.models.search_entry import SearchEntry

__all__ = [
    "Bookmark",
    "Draft",
    "KeywordRule",
    "Like",
    "LinkCard",
    "Media",
    "Mention",
    "Notification",
    "NotificationSettings",
    "Pin",
    "Post",
    "Revision",
    "RisingTag",
    "SearchEntry",
    "Tag",
    "TagFollow",
    "Tagging",
]
