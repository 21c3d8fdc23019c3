from moderation.models.message import Message
from moderation.models.removal_request import RemovalRequest
from moderation.models.report import Report
from moderation.models.rule import Rule

__all__ = ["Message", "RemovalRequest", "Report", "Rule"]
