from django.urls import path

from . import bulk, checklist_views, day, views

app_name = "events"
urlpatterns = [
    path("contracts/<int:pk>/event/new/", views.create, name="create"),
    path("events/", views.EventList.as_view(), name="list"),
    path("events/assign/", bulk.AssignMany.as_view(), name="assign_many"),
    path("events/checklist/", checklist_views.template, name="template"),
    path("events/checklist/propose/", checklist_views.propose, name="propose_template"),
    path("events/checklist/<int:pk>/", checklist_views.template_item, name="template_item"),
    path(
        "events/checklist/<int:pk>/remove/",
        checklist_views.remove_template_item,
        name="remove_template_item",
    ),
    path("events/<int:pk>/", views.detail, name="detail"),
    path("events/<int:pk>/day/", day.day, name="day"),
    path("events/<int:pk>/checklist/new/", checklist_views.add, name="add_item"),
    path("events/<int:pk>/checklist/take/", checklist_views.take, name="take_template"),
    path("events/<int:pk>/checklist/<int:item>/", checklist_views.change, name="change_item"),
    path("events/<int:pk>/checklist/<int:item>/tick/", checklist_views.tick, name="tick_item"),
    path(
        "events/<int:pk>/checklist/<int:item>/remove/", checklist_views.remove, name="remove_item"
    ),
    path("events/<int:pk>/event.ics", views.download, name="ics"),
    path("events/<int:pk>/edit/", views.Update.as_view(), name="update"),
    path("events/<int:pk>/assign/", views.Assign.as_view(), name="assign"),
    path("events/<int:pk>/complete/", views.Complete.as_view(), name="complete"),
    path("events/<int:pk>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("events/<int:pk>/reopen/", views.Reopen.as_view(), name="reopen"),
    path("events/<int:pk>/history/", views.History.as_view(), name="history"),
    path("events/<int:pk>/notes/", views.AddNote.as_view(), name="note"),
    path("events/<int:pk>/delegate/", views.Delegate.as_view(), name="delegate"),
    path(
        "events/<int:pk>/delegations/<int:loan>/end/",
        views.EndDelegation.as_view(),
        name="end_delegation",
    ),
]
