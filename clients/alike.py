"""While a client is typed: who has this name, address or number already. It blocks nothing."""

from allauth.core.internal.ratelimit import consume
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts import brake
from accounts.access import require

from .likeness import TRAITS, Traits
from .models import Client
from .workflow import look_alike

SHOWN = 2  # Under a field; the form asks about more of them once it is sent.


class AlikeForm(forms.ModelForm):
    """What is typed so far, of whichever field: what is not valid yet is not looked for."""

    but = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    class Meta:
        model = Client
        fields = TRAITS

    def _post_clean(self):
        """There is no record to validate."""

    def traits(self):
        self.full_clean()
        return Traits.of(**{name: self.cleaned_data.get(name) or "" for name in TRAITS})


@require_POST
def alike(request):
    """A part of a page. Posted, so that nobody's number stands in an address and in the log."""
    require(request.user, "clients.create_client")
    if not consume(request, app="allauth.account", action="alike", user=request.user):
        return HttpResponse(status=429)
    form = AlikeForm(request.POST)
    traits = form.traits()
    found = look_alike(traits, by=request.user, but=Client(pk=form.cleaned_data.get("but")))
    brake.show_names(request.user, found[:SHOWN])
    return render(request, "clients/client_alike_live.html", {"alike": found[:SHOWN]})
