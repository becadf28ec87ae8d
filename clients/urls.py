from django.urls import path

from . import alike, bulk, views

app_name = "clients"
urlpatterns = [
    path("", views.ClientList.as_view(), name="list"),
    path("new/", views.create, name="create"),
    path("alike/", alike.alike, name="alike"),
    path("assign/", bulk.AssignMany.as_view(), name="assign_many"),
    path("archive/", bulk.ArchiveMany.as_view(), name="archive_many"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", views.Update.as_view(), name="update"),
    path("<int:pk>/follow-up/", views.FollowUp.as_view(), name="follow_up"),
    path("<int:pk>/convert/", views.Convert.as_view(), name="convert"),
    path("<int:pk>/revert/", views.Revert.as_view(), name="revert"),
    path("<int:pk>/assign/", views.Assign.as_view(), name="assign"),
    path("<int:pk>/archive/", views.Archive.as_view(), name="archive"),
    path("<int:pk>/restore/", views.Restore.as_view(), name="restore"),
    path("<int:pk>/delete/", views.Delete.as_view(), name="delete"),
    path("<int:pk>/history/", views.History.as_view(), name="history"),
    path("<int:pk>/notes/", views.AddNote.as_view(), name="note"),
    path("<int:pk>/delegate/", views.Delegate.as_view(), name="delegate"),
    path(
        "<int:pk>/delegations/<int:loan>/end/",
        views.EndDelegation.as_view(),
        name="end_delegation",
    ),
]
