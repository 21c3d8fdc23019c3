from accounts.models.account import Account, StorageFullError
from accounts.models.account_queryset import AccountQuerySet, HandleTakenError
from accounts.models.account_relations import RefusedError
from accounts.models.account_word import AccountWord
from accounts.models.address_change import AddressChange
from accounts.models.block import Block
from accounts.models.blocklists import BannedEmail, BlockedDomain, BlockedRange
from accounts.models.follow import Follow, FollowRequest, LivelyAccount
from accounts.models.handles import FormerHandle, RemovedHandle, ReservedHandle
from accounts.models.mute import Mute, MutedWord
from accounts.models.registration import Application, Invitation, SignupPolicy, WaitingSignup
from accounts.models.session import Session
from accounts.models.user import User

__all__ = [
    "Account",
    "AccountQuerySet",
    "AccountWord",
    "AddressChange",
    "Application",
    "BannedEmail",
    "Block",
    "BlockedDomain",
    "BlockedRange",
    "Follow",
    "FollowRequest",
    "FormerHandle",
    "HandleTakenError",
    "Invitation",
    "LivelyAccount",
    "Mute",
    "MutedWord",
    "RefusedError",
    "RemovedHandle",
    "ReservedHandle",
    "Session",
    "SignupPolicy",
    "StorageFullError",
    "User",
    "WaitingSignup",
]
