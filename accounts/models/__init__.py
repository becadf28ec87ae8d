from .lending import Absence, AccessRequest, Delegation
from .people import Session, Theme, User
from .records import Record, Submission, Visit
from .teams import SAME_WORK, Team

__all__ = [
    "SAME_WORK",
    "Absence",
    "AccessRequest",
    "Delegation",
    "Record",
    "Session",
    "Submission",
    "Team",
    "Theme",
    "User",
    "Visit",
]
