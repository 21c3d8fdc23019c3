"""`manage.py verify_decisions`: proves that the record of decisions is whole, and that the database
keeps it so.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.enforcement import audit_log
from moderation.models import Decision
from moderation.models.decision import ROOT


class Command(BaseCommand):
    help = (
        "Prove the chain of decisions whole, and the triggers in place that keep it so. Ends with "
        "1 where it is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            help="the digest that this command printed before: the chain must still hold it",
        )

    def handle(self, *args: Any, head: str | None = None, **options: Any) -> None:
        if missing := audit_log.TRIGGERS.missing():
            raise CommandError(
                "The triggers that keep the record are not all in place: "
                f"{', '.join(missing)}. `manage.py migrate` makes them."
            )
        number, digest, is_held = 0, ROOT, head is None
        for decision in Decision.objects.chain():
            if decision.previous != digest:
                raise CommandError(
                    f"The chain is broken before decision {decision.pk}: something was taken "
                    "away or put in."
                )
            digest = decision.right_digest()
            if decision.digest != digest:
                raise CommandError(f"Decision {decision.pk} is not as it was written.")
            number += 1
            is_held = is_held or digest == head
        if not is_held:
            raise CommandError(
                "The digest that you gave is not in the chain: decisions were taken away from "
                "its end, or it was written anew."
            )
        self.stdout.write(
            f"{number} decision{'' if number == 1 else 's'}, the chain is whole. Its head: {digest}"
        )
