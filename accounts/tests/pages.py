"""A page as a browser has it: what it would post if one pressed the button now."""

from html.parser import HTMLParser


class _Inputs(HTMLParser):
    def __init__(self, form_class):
        super().__init__()
        self.form_class = form_class
        self.fields, self.inside, self.area, self.select = {}, False, None, None

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag == "form":
            self.inside = self.form_class in (a.get("class") or "").split()
        if not self.inside:
            return
        if tag == "input" and a.get("name", "csrfmiddlewaretoken") != "csrfmiddlewaretoken":
            if a.get("type") not in ("radio", "checkbox") or "checked" in a:
                self.fields[a["name"]] = a.get("value") or ""
        elif tag == "textarea":
            self.area = a["name"]
            self.fields[self.area] = ""
        elif tag == "select":
            self.select = a["name"]
        elif tag == "option" and ("selected" in a or self.select not in self.fields):
            self.fields[self.select] = a.get("value") or ""

    def handle_data(self, data):
        if self.area:
            self.fields[self.area] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        elif tag == "form":
            self.inside = False


def inputs(response, form_class="ee-form"):
    """Name and value of all that the form of a page holds, hidden ones included."""
    return _read(response.text, form_class)


def filled(form):
    """The same for a form that no page shows."""
    return _read(f'<form class="here">{form.as_p()}</form>', "here")


def _read(html, form_class):
    parser = _Inputs(form_class)
    parser.feed(html)
    return parser.fields
