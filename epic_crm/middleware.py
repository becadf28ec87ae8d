class HeadersMiddleware:
    """
    The headers that Django and allauth do not set; on error pages and redirects too.

    Pages of a CRM are nobody else's to embed, nor a cache's to keep.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        if "Cache-Control" not in response.headers or _is_page(response):
            response.headers["Cache-Control"] = "private, no-store"
        match = request.resolver_match
        if match and match.view_name == "account_logout" and response.status_code == 302:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def _is_page(response):
    return response.headers.get("Content-Type", "").startswith("text/html")
