from django.apps import AppConfig

from microblog import slots


class TimelineConfig(AppConfig):
    name = "timeline"
    # see microblog.db.change_number; of likes, visitors see how many a post has
    shown = (
        *("LinkCard", "Media", "Mention", "Pin", "Post", "Revision"),
        *("RisingTag", "Tag", "Tagging"),
    )
    not_shown = (
        *("Bookmark", "Draft", "KeywordRule", "Like", "Notification", "NotificationSettings"),
        *("SearchEntry", "TagFollow"),
    )

    def ready(self) -> None:
        from accounts import signals as accounts  # noqa: PLC0415 -- Django asks for it: models first
        from microblog import signals as microblog  # noqa: PLC0415 -- likewise
        from timeline import receivers, signals  # noqa: PLC0415 -- likewise

        microblog.upload_keys_checked.connect(receivers.name_uploads)
        accounts.standing_changed.connect(receivers.recount_around_account)
        accounts.account_removed.connect(receivers.erase_account)
        accounts.uncounted_follow_ended.connect(receivers.recount_rows)
        accounts.news_requested.connect(receivers.find_news)
        accounts.tags_requested.connect(receivers.find_followed_tags)
        accounts.follow_begun.connect(receivers.tell_of_follow)
        accounts.follow_asked.connect(receivers.tell_of_request)
        accounts.follows_accepted.connect(receivers.tell_of_approval)
        signals.count_doubted.connect(receivers.recount_rows)
        signals.post_standing_changed.connect(receivers.recount_around_post)
        signals.post_deleted.connect(receivers.remove_post)
        signals.found_by_changed.connect(receivers.follow_posts)
        signals.card_due.connect(receivers.fetch_card)
        for group in ("privacy", "kept"):
            slots.fill(f"accounts.settings_{group}", f"timeline/components/settings_{group}.html")
