"""One's own views: all of them on a page, one saved, one deleted."""

import json

from django import forms
from django.contrib import messages
from django.core.exceptions import TooManyFieldsSent, ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import PlainForm

from . import my_views, saving
from .models import SavedView, saved_views

TOO_LONG = gettext_lazy("This search is too long to be saved: use fewer words.")


class SaveViewForm(PlainForm):
    """A name for what a list shows; list and query come from the page one was on."""

    list = forms.ChoiceField(
        choices=[(name, view.title) for name, view in my_views.LISTS.items()],
        widget=forms.HiddenInput,
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name of the view"),
        max_length=SavedView._meta.get_field("name").max_length,
        error_messages={"required": gettext_lazy("Give the view a name.")},
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by

    def clean(self):
        """Of the query only what the list itself knows is kept, whoever wrote it."""
        data = self.cleaned_data
        if "list" in data and "query" in data:
            try:
                query = my_views.own_query(data["list"], QueryDict(data["query"]), self.by)
            except TooManyFieldsSent:
                raise ValidationError(TOO_LONG) from None
            if len(query) > saved_views.LONGEST:
                raise ValidationError(TOO_LONG)
            data["query"] = query
        return data


@require_http_methods(["GET", "HEAD", "POST"])
def views(request):
    """What one's team is offered, and what one saved; POST saves what a list shows."""
    if request.method != "POST":
        return render(request, "dashboard/views.html")
    form = SaveViewForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            view = saving.save(request.user, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("View “%(name)s” saved.") % {"name": view})
            return redirect(my_views.address(view.list, view.query))
    data = form.cleaned_data
    back = my_views.address(data["list"], data.get("query", "")) if "list" in data else "/"
    return render(request, "dashboard/view_save.html", {"form": form, "back": back}, status=422)


@require_POST
def delete(request, pk):
    """One's own alone: nobody learns which others there are."""
    view = get_object_or_404(SavedView, pk=pk, person=request.user)
    view.delete()
    again = {"list": view.list, "name": view.name, "query": view.query}
    undo = {"url": reverse("dashboard:views"), "words": _("Save it again"), "fields": again}
    messages.success(
        request, _("View “%(name)s” deleted.") % {"name": view}, extra_tags=json.dumps(undo)
    )
    return redirect("dashboard:views")
