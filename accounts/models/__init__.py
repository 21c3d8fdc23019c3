from accounts.models.account import Account, RefusedError, StorageFullError
from accounts.models.account_queryset import AccountQuerySet, HandleTakenError
from accounts.models.address_change import AddressChange
from accounts.models.blocklists import BannedEmail, BlockedDomain, BlockedRange
from accounts.models.follow import Follow
from accounts.models.handles import FormerHandle, RemovedHandle, ReservedHandle
from accounts.models.registration import Application, Invitation, SignupPolicy, WaitingSignup
from accounts.models.user import User

__all__ = [
    "Account",
    "AccountQuerySet",
    "AddressChange",
    "Application",
    "BannedEmail",
    "BlockedDomain",
    "BlockedRange",
    "Follow",
    "FormerHandle",
    "HandleTakenError",
    "Invitation",
    "RefusedError",
    "RemovedHandle",
    "ReservedHandle",
    "SignupPolicy",
    "StorageFullError",
    "User",
    "WaitingSignup",
]
