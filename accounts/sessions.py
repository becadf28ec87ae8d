"""
Who is signed in where: Django's database sessions, with the person, the device and the hours.

``settings.SESSION_ENGINE``. A session ends 12 hours after signing in, after the idle time of the
person's team (``SESSION_IDLE``), or by ``end``; what ended has no row, so the next request of that
browser is nobody's.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.db import IntegrityError, transaction
from django.utils.timezone import now

SEEN_EVERY = timedelta(minutes=1)  # A write for every request would be too much.
# The first that is found in a User-Agent: browsers also name those they want to be taken for.
BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "Mac OS X": "macOS", "CrOS": "ChromeOS", "Linux": "Linux",
}  # fmt: skip


class SessionStore(DatabaseSessions):
    @classmethod
    def get_model_class(cls):
        from .models import Session  # They import this module.

        return Session

    def _validate_session_key(self, key):
        """Letters and digits, as ours are: PostgreSQL takes no NUL, which a cookie can hold."""
        return super()._validate_session_key(key) and key.isascii() and key.isalnum()

    def _get_session_from_db(self):
        """One query: the row, with the team that says how long it may be idle."""
        moment = now()
        row = (
            self.model.objects.with_team()
            .filter(session_key=self.session_key, expire_date__gt=moment)
            .first()
        )
        if row is None or row.last_seen_at + idle(row.team) <= moment:
            self._session_key = None
            return None
        if row.last_seen_at + SEEN_EVERY <= moment:
            self.model.objects.filter(pk=row.pk).update(last_seen_at=moment)
        return row

    def save(self, must_create=False):
        """Write the row; whoever signs in starts 12 hours that nothing prolongs."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        person = data.get("_auth_user_id")
        if person and "signed_in_at" not in data:
            data["signed_in_at"] = now().timestamp()
        values = {
            "session_data": self.encode(data),
            "expire_date": self.get_expiry_date(),
            "person_id": person,
            "device": data.get("device", ""),
            "started_at": _since(data) or now(),
        }
        rows = self.model.objects.filter(session_key=self.session_key)
        if not must_create:
            if not rows.update(**values):
                raise UpdateError  # It was ended meanwhile.
            return None
        try:
            with transaction.atomic():
                rows.create(session_key=self.session_key, **values)
        except IntegrityError:
            raise CreateError from None

    def get_expiry_age(self, **kwargs):
        since = _since(self._session)
        if since is None:
            return super().get_expiry_age(**kwargs)
        return max(0, round((since + _longest() - now()).total_seconds()))

    def get_expiry_date(self, **kwargs):
        return (_since(self._session) or now()) + _longest()


def _since(data):
    return (
        datetime.fromtimestamp(data["signed_in_at"], tz=now().tzinfo)
        if "signed_in_at" in data
        else None
    )


def _longest():
    return timedelta(seconds=settings.SESSION_COOKIE_AGE)


def idle(team):
    """How long a session of that team may go unused."""
    return settings.SESSION_IDLE.get(team) or _longest()


def end(person, except_key=None):
    """
    End the sessions of ``person``, but the one of that key; return how many there were.

    The feed of the agenda too: whoever came in with a stolen password may have made it.
    """
    from .models import CalendarFeed

    CalendarFeed.objects.filter(person=person).delete()
    sessions = SessionStore.get_model_class().objects.filter(person=person)
    number, _rows = sessions.exclude(session_key=except_key).delete()
    return number


def device(user_agent):
    """The browser and the system in a word each, as far as the browser tells."""
    found = [
        next((name for mark, name in known.items() if mark in user_agent), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, found))


def forget(name):
    """Take what is kept by this name out of every session."""
    store = SessionStore()
    for session in store.model.objects.select_for_update().order_by("pk"):
        data = session.get_decoded()
        if data.pop(name, None) is not None:
            session.session_data = store.encode(data)
            session.save(update_fields=["session_data"])
