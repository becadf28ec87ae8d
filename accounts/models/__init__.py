from .lending import Absence, AccessRequest, Delegation
from .people import CalendarFeed, Mails, Session, Theme, User
from .records import Record, Submission, Visit
from .teams import SAME_WORK, Team

__all__ = [
    "SAME_WORK",
    "Absence",
    "AccessRequest",
    "CalendarFeed",
    "Delegation",
    "Mails",
    "Record",
    "Session",
    "Submission",
    "Team",
    "Theme",
    "User",
    "Visit",
]
