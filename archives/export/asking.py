"""Ask for one's archive: counted, and then a task's work."""

from django.db import transaction

from accounts.models import Account
from archives import limits, tasks
from archives.models import Export
from microblog.web.ratelimit import spend


def ask(account: Account) -> None:
    """Let an archive of `account` be made, which a mail tells of; asked for twice, it is made once.

    Raises TooManyError.
    """
    if Export.objects.due().filter(account=account).exists():
        return
    spend(limits.EXPORTS, account.pk)
    with transaction.atomic():
        export = Export.objects.begin(account)
        if export:
            tasks.make_export.enqueue(export.pk)
