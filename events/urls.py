from django.urls import path

from . import views

app_name = "events"
urlpatterns = [
    path("contracts/<int:pk>/event/new/", views.create, name="create"),
    path("events/", views.EventList.as_view(), name="list"),
    path("events/<int:pk>/", views.detail, name="detail"),
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
