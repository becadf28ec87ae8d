"""The checklist of an event on its pages, and the page of the template."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import require
from accounts.views import creating
from history import formats

from . import checklist, checklist_template
from .checklist_forms import ItemForm, NewItemForm, NewTemplateItemForm, TemplateItemForm
from .models import Event, TemplateItem

EVENTS = Event.objects.with_contacts()
PAGE = require_http_methods(["GET", "HEAD", "POST"])


def card(event, *, day=False, **context):
    """
    What the card of the checklist shows of an event that is marked with ``may_prepare``.

    On the page of the day what is left to do comes first.
    """
    items = list(event.checklist.select_related("who", "done_by"))
    if day:
        items.sort(key=lambda item: item.done_at is not None)
    return context | {
        "day": day,
        "event": event,
        "items": items,
        "done": sum(item.done_at is not None for item in items),
        "late": sum(item.is_late for item in items),
        "offered": 0 if items or not event.may_prepare else TemplateItem.objects.count(),
    }


def back(request, event):
    """To the checklist of the page on which it was asked: the event's, or that of the day."""
    return redirect(f"{_page(request, event)}#checklist")


def _page(request, event):
    on_day = "from_day" in request.POST
    return reverse("events:day", args=[event.pk]) if on_day else event.get_absolute_url()


@require_POST
def take(request, pk):
    event = EVENTS.get_for(request.user, "prepare", pk)
    items, late = checklist.take_template(event, by=request.user)
    if items:
        messages.success(request, _taken(len(items), late))
    else:
        messages.info(request, _("This event had its checklist already."))
    return redirect(_page(request, event))  # On top, where it is said.


def _taken(added, late):
    told = ngettext("%(number)d item added.", "%(number)d items added.", added) % {"number": added}
    if not late:
        return told
    hurry = ngettext(
        "%(number)d item should have been done before today: it is due today.",
        "%(number)d items should have been done before today: they are due today.",
        late,
    )
    return f"{told} {hurry % {'number': late}}"


@PAGE
@creating(NewItemForm)
def add(request, pk):
    event = EVENTS.get_for(request.user, "prepare", pk)
    form = NewItemForm(request.POST or None, by=request.user, event=event)
    if added(request, form, checklist.add, event):
        return back(request, event)
    context = {"event": event, "form": form}
    return render(request, "events/checklist_new.html", context, status=422 if form.errors else 200)


def on_item(view):
    """
    For a view of one item of an event that its reader may prepare now.

    One that was removed meanwhile is no longer there to be found missing: it is said, on the list.
    """

    @wraps(view)
    def found(request, pk, item):
        event = EVENTS.get_for(request.user, "prepare", pk)
        row = event.checklist.filter(pk=item).first()
        if row is None:
            messages.info(request, _("This item is no longer on the checklist."))
            return back(request, event)
        return view(request, row)

    return found


@PAGE
@on_item
def change(request, item):
    form = ItemForm(request.POST or None, instance=item)
    status = changed(request, form, checklist.change, item)
    if not status:
        return back(request, item.event)
    context = {"event": item.event, "item": item, "form": form}
    return render(request, "events/checklist_item.html", context, status=status)


@require_POST
@on_item
def tick(request, item):
    item, before = checklist.tick(item, by=request.user, done=request.POST.get("done") == "1")
    if before and item.done_by and item.done_by != request.user:
        when = formats.moment(item.done_at, "inline")
        told = _("%(who)s had ticked “%(item)s” already, %(when)s.")
        messages.info(request, told % {"who": item.done_by, "item": item, "when": when})
    return back(request, item.event)


@require_POST
@on_item
def remove(request, item):
    checklist.remove(item, by=request.user)
    messages.success(request, _("“%(item)s” is removed.") % {"item": item})
    return back(request, item.event)


# --- An item of an event, or a point of the template --------------------------------------------


def added(request, form, verb, *to):
    """Add what the form says, once, and say so. Return whether that was done."""
    if not form.is_valid():
        return False
    try:
        form.once(verb, *to, by=request.user)
    except ValidationError as error:
        form.refuse(error)
        return False
    messages.success(request, _("Item added."))
    return True


def changed(request, form, verb, stored):
    """
    Change what the form says, and say so. Return the status of the page that is shown instead:
    asked for, not valid, or somebody else came first; None if it was done.
    """
    if not form.is_valid():
        return 422 if form.is_bound else 200
    try:
        verb(stored, by=request.user, **form.cleaned_data)
    except checklist.Stale as error:
        form.refuse(error)
        stored.refresh_from_db()
        form.look_again(stored)
        return 409
    except ValidationError as error:
        form.refuse(error)
        return 422
    messages.success(request, _("Saved."))
    return None


# --- The template -------------------------------------------------------------------------------


@PAGE
def template(request):
    require(request.user, checklist_template.EDIT)
    form = NewTemplateItemForm(request.POST or None, by=request.user)
    if added(request, form, checklist_template.add):
        return redirect("events:template")
    proposed = checklist_template.proposed()
    context = {"form": form, "points": TemplateItem.objects.all(), "proposed": proposed}
    return render(request, "events/template.html", context, status=422 if form.errors else 200)


@require_POST
def propose(request):
    checklist_template.propose(by=request.user)
    return redirect("events:template")


@PAGE
def template_item(request, pk):
    require(request.user, checklist_template.EDIT)
    point = get_object_or_404(TemplateItem, pk=pk)
    form = TemplateItemForm(request.POST or None, instance=point)
    status = changed(request, form, checklist_template.change, point)
    if not status:
        return redirect("events:template")
    context = {"form": form, "point": point}
    return render(request, "events/template_item.html", context, status=status)


@require_POST
def remove_template_item(request, pk):
    require(request.user, checklist_template.EDIT)
    point = get_object_or_404(TemplateItem, pk=pk)
    checklist_template.remove(point, by=request.user)
    messages.success(request, _("“%(item)s” is removed.") % {"item": point})
    return redirect("events:template")
