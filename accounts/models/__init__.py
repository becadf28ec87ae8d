from .lending import Absence, AccessRequest, Delegation
from .people import CalendarFeed, Mails, Session, Theme, User
from .reading import Allowance, Opening
from .records import Record, Submission, Visit
from .teams import SAME_WORK, Team

__all__ = [
    "SAME_WORK",
    "Absence",
    "AccessRequest",
    "Allowance",
    "CalendarFeed",
    "Delegation",
    "Mails",
    "Opening",
    "Record",
    "Session",
    "Submission",
    "Team",
    "Theme",
    "User",
    "Visit",
]
