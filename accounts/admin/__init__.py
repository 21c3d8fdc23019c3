"""The admin of people: who signs in, who appears, and who may come in."""

from accounts.admin.accounts import AccountAdmin
from accounts.admin.blocklists import (
    BannedEmailAdmin,
    BlockedDomainAdmin,
    BlockedRangeAdmin,
    ReservedHandleAdmin,
)
from accounts.admin.ranks import HistoryRanked, Ranked
from accounts.admin.registration import ApplicationAdmin, InvitationAdmin, SignupPolicyAdmin
from accounts.admin.relations import FollowAdmin, FormerHandleAdmin
from accounts.admin.users import UserAdmin

__all__ = [
    "AccountAdmin",
    "ApplicationAdmin",
    "BannedEmailAdmin",
    "BlockedDomainAdmin",
    "BlockedRangeAdmin",
    "FollowAdmin",
    "FormerHandleAdmin",
    "HistoryRanked",
    "InvitationAdmin",
    "Ranked",
    "ReservedHandleAdmin",
    "SignupPolicyAdmin",
    "UserAdmin",
]
