from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import UnreadablePostError
from django.utils.cache import patch_vary_headers

from accounts import places


class HeadersMiddleware:
    """
    The headers that Django and allauth do not set; on error pages and redirects too.

    Pages of a CRM are nobody else's to embed, nor a cache's to keep. Django's own come from here
    where its middleware was not asked, or refused itself.
    """

    everywhere = {
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in self.everywhere.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers or _is_page(response):
            response.headers["Cache-Control"] = "private, no-store"
        match = request.resolver_match
        if match and match.view_name == "account_logout" and response.status_code == 302:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
            places.forget(request, response)
        return response


class WholeBodyMiddleware:
    """
    Refuse what broke off on its way here: half a note may say the opposite.

    Whoever sends less than they announced is answered 400; Django would read what there is.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            missing = int(request.META.get("CONTENT_LENGTH") or 0) > len(request.body)
        except (UnreadablePostError, ValueError):
            missing = True
        if missing:
            raise BadRequest("The body broke off.")
        return self.get_response(request)


class FragmentMiddleware:
    """
    What htmx asks for has the address of a page and is a part of it: caches keep them apart.

    Where a page would lead elsewhere - to the sign-in page, when the session is over - the whole
    window goes there. What leads back to the page on which it was asked is fetched in place.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _is_page(response):
            patch_vary_headers(response, ["HX-Request"])
        asked = getattr(request, "htmx", False)
        if response.status_code == 302 and asked and not _leads_back(asked, response):
            response.status_code = 200
            response.headers["HX-Redirect"] = response.headers["Location"]
            del response.headers["Location"]
        return response


def _is_page(response):
    return response.headers.get("Content-Type", "").startswith("text/html")


def _leads_back(asked, response):
    try:
        here = urlsplit(asked.current_url or "").path
    except ValueError:  # A header can say anything.
        return False
    return urlsplit(response.headers["Location"]).path == here
