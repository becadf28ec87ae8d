"""What a page says once is kept in a cookie that is named and guarded as the others are."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class MessageCookie(CookieStorage):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Messages(FallbackStorage):
    """In the cookie, or in the session if there is much to say."""

    storage_classes = (MessageCookie, SessionStorage)
