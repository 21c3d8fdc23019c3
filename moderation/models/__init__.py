from moderation.models.about import About
from moderation.models.case import Case, Severity, TakenError, name_of
from moderation.models.daily_figures import DailyFigures
from moderation.models.decision import Action, Decision
from moderation.models.message import Message, Note, Reminder
from moderation.models.notice import AppealError, Notice
from moderation.models.rule import Preset, Rule
from moderation.models.sanction import Sanction
from moderation.models.ticket import (
    RemovalReason,
    ReportCategory,
    Ticket,
    TicketKind,
    TicketState,
)

__all__ = [
    "About",
    "Action",
    "AppealError",
    "Case",
    "DailyFigures",
    "Decision",
    "Message",
    "Note",
    "Notice",
    "Preset",
    "Reminder",
    "RemovalReason",
    "ReportCategory",
    "Rule",
    "Sanction",
    "Severity",
    "TakenError",
    "Ticket",
    "TicketKind",
    "TicketState",
    "name_of",
]
