from accounts.models.account import Account, HandleTakenError, RefusedError, StorageFullError
from accounts.models.address_change import AddressChange
from accounts.models.application import Application
from accounts.models.banned_email import BannedEmail
from accounts.models.blocked_domain import BlockedDomain
from accounts.models.blocked_range import BlockedRange
from accounts.models.follow import Follow
from accounts.models.former_handle import FormerHandle
from accounts.models.invitation import Invitation
from accounts.models.removed_handle import RemovedHandle
from accounts.models.reserved_handle import ReservedHandle
from accounts.models.signup_policy import SignupPolicy
from accounts.models.user import User
from accounts.models.waiting_signup import WaitingSignup

__all__ = [
    "Account",
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
