from django.urls import path

from . import views

app_name = "contracts"
urlpatterns = [
    path("clients/<int:pk>/contracts/new/", views.create, name="create"),
    path("contracts/", views.ContractList.as_view(), name="list"),
    path("contracts/<int:pk>/", views.detail, name="detail"),
    path("contracts/<int:pk>/edit/", views.Update.as_view(), name="update"),
    path("contracts/<int:pk>/sign/", views.Sign.as_view(), name="sign"),
    path("contracts/<int:pk>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("contracts/<int:pk>/reopen/", views.Reopen.as_view(), name="reopen"),
    path("contracts/<int:pk>/history/", views.History.as_view(), name="history"),
    path("contracts/<int:pk>/notes/", views.AddNote.as_view(), name="note"),
    path("contracts/<int:pk>/delegate/", views.Delegate.as_view(), name="delegate"),
    path(
        "contracts/<int:pk>/delegations/<int:loan>/end/",
        views.EndDelegation.as_view(),
        name="end_delegation",
    ),
]
