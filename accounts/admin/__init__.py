"""The admin of people: who signs in, who appears, and who may come in."""

from accounts.admin import accounts, blocklists, registration, relations, users
from accounts.admin.accounts import AccountAdmin

__all__ = ["AccountAdmin", "accounts", "blocklists", "registration", "relations", "users"]
