from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "timeline"

    def ready(self) -> None:
        from accounts.models import Account
        from microblog.media import uploads
        from timeline.models import LinkCard, Media
        from timeline.tasks import recount_around, recount_these

        Account.standing_changed.append(lambda account: recount_around.enqueue(account.pk))
        Account.lost_sight_of.append(lambda ids: recount_these.enqueue(accounts=ids))
        uploads.named_by.append(Media.objects.keys)
        uploads.named_by.append(LinkCard.objects.keys)
