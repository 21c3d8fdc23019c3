from accounts.models.account import Account, FrozenError, HandleTakenError
from accounts.models.banned_email import BannedEmail
from accounts.models.follow import Follow
from accounts.models.former_handle import FormerHandle
from accounts.models.removed_handle import RemovedHandle
from accounts.models.user import User

__all__ = ["Account", "BannedEmail", "Follow", "FormerHandle", "FrozenError", "HandleTakenError", "RemovedHandle", "User"]
