from accounts.models.account import Account, HandleTakenError
from accounts.models.follow import Follow
from accounts.models.former_handle import FormerHandle
from accounts.models.removed_handle import RemovedHandle
from accounts.models.user import User

__all__ = ["Account", "Follow", "FormerHandle", "HandleTakenError", "RemovedHandle", "User"]
