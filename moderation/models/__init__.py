from moderation.models.about import About
from moderation.models.appeal import Appeal
from moderation.models.case import Case, Severity, TakenError, filings_of, name_of
from moderation.models.daily_figures import DailyFigures
from moderation.models.decision import Action, Decision
from moderation.models.message import Message
from moderation.models.note import Note
from moderation.models.notice import AppealError, Notice
from moderation.models.preset import Preset
from moderation.models.reminder import Reminder
from moderation.models.removal_request import RemovalRequest
from moderation.models.report import Report
from moderation.models.rule import Rule
from moderation.models.sanction import Measure
from moderation.models.ticket import Filing

__all__ = [
    "About",
    "Action",
    "Appeal",
    "AppealError",
    "Case",
    "DailyFigures",
    "Decision",
    "Filing",
    "Measure",
    "Message",
    "Note",
    "Notice",
    "Preset",
    "Reminder",
    "RemovalRequest",
    "Report",
    "Rule",
    "Severity",
    "TakenError",
    "filings_of",
    "name_of",
]
