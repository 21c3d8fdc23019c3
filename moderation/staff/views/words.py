"""What administrators tell the site to do before anything happens: its rules, its words, and who
comes in.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.ranks import ADMINISTER
from moderation.staff.pages import ModeratorRequest, answer, moderator_required, permitted

SETTINGS = {
    "Rules": ("moderation_rule", "What everybody reads at /rules, and what a report names."),
    "Statements": (
        "moderation_preset",
        "Words that moderators choose, for whom they decide about.",
    ),
    "Keyword rules": (
        "timeline_keywordrule",
        "Words at which a post is refused, held back or reported.",
    ),
    "Sign-up and newcomers": (
        "accounts_signuppolicy",
        "Who comes in, and what they may do in their first days.",
    ),
    "Invitations": ("accounts_invitation", "Links by which people sign up."),
    "Applications to join": ("accounts_application", "Who waits to be let in."),
    "Blocked e-mail domains": ("accounts_blockeddomain", "Whose addresses sign nobody up."),
    "Blocked network ranges": ("accounts_blockedrange", "From where nobody signs up, until a day."),
    "Banned e-mail addresses": ("accounts_bannedemail", "Kept as digests: nobody reads the list."),
    "Reserved handles": ("accounts_reservedhandle", "What nobody can be called."),
}


@require_safe
@moderator_required
def words(request: ModeratorRequest) -> HttpResponse:
    if not request.user.has_perm(ADMINISTER):
        raise PermissionDenied("Only administrators make rules.")
    found = permitted(request, {name: table for name, (table, _) in SETTINGS.items()})
    settings = [{"name": way.name, "url": way.url, "what": SETTINGS[way.name][1]} for way in found]
    return answer(request, "moderation/staff/words.html", "Rules and words", {"settings": settings})
