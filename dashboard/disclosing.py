"""The page on which management reads and hands out what is held about a client's person."""

from django import forms
from django.http import FileResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from accounts.confirm import confirmed_lately
from accounts.login import not_in_demo
from clients.models import Client

from . import disclosure, erasure

TYPES = {"pdf": "application/pdf", "json": "application/json"}


class FormatForm(forms.Form):
    format = forms.ChoiceField(
        choices=disclosure.Format, error_messages={"required": _("Choose a format.")}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@confirmed_lately(disclosure.DISCLOSE)
def held(request, pk):
    """What is held, and on POST the file."""
    client = Client.objects.select_related("sales_contact").get_for(request.user, "disclose", pk)
    if request.method == "POST":
        return _file(request, client)
    return _page(request, client)


@not_in_demo
def _file(request, client):
    form = FormatForm(request.POST)
    if not form.is_valid():
        return _page(request, client, form, status=422)
    wanted = form.cleaned_data["format"]
    file = disclosure.copy_out(client, by=request.user, format=wanted)
    name = f"{pgettext('file name', 'personal-file')}-{client.pk}-{localdate()}.{wanted}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[wanted])


def _page(request, client, form=None, status=200):
    context = {
        "client": client,
        "record": client,
        "parts": disclosure.parts(client),
        "rights": disclosure.rights(client),
        "form": form,
        "planned": erasure.planned(client),
    }
    return render(request, "dashboard/held.html", context, status=status)
