from django.urls import path

from . import (
    agenda,
    disclosing,
    erasing,
    exports,
    feed,
    figures,
    guides,
    journal,
    limits,
    search,
    snoozing,
    team,
    view_pages,
    views,
)
from . import notification_pages as told

app_name = "dashboard"
urlpatterns = [
    path("", views.home, name="home"),
    path("agenda/", agenda.now, name="agenda"),
    path("agenda/<int:year>/<int:month>/", agenda.month, name="agenda_month"),
    path("agenda/<int:year>/w<int:week>/", agenda.week, name="agenda_week"),
    path("agenda/list/", agenda.run, name="agenda_list"),
    path("agenda/feed.ics", feed.feed, name="feed"),
    *(
        path(f"exports/{kind}/", exports.export, {"kind": kind}, name=f"export_{kind}")
        for kind in exports.LISTS
    ),
    path("clients/<int:pk>/held/", disclosing.held, name="held"),
    path("clients/<int:pk>/erase/", erasing.erase, name="erase"),
    path("search/", search.search, name="search"),
    path("help/", guides.help_page, name="help"),
    path("accessibility/", guides.accessibility, name="accessibility"),
    path("figures/", figures.figures, name="figures"),
    path("steps/<slug:code>/<int:pk>/snooze/", snoozing.snooze, name="snooze"),
    path("steps/<slug:code>/<int:pk>/unsnooze/", snoozing.unsnooze, name="unsnooze"),
    path("views/", view_pages.views, name="views"),
    path("views/<int:pk>/delete/", view_pages.delete, name="view_delete"),
    path("notifications/", told.notifications, name="notifications"),
    path("notifications/read/", told.read, name="notifications_read"),
    path("notifications/<int:pk>/", told.opened, name="notification"),
    path("journal/", journal.journal, name="journal"),
    path("team/", team.people, name="team"),
    path("team/<int:pk>/", team.person, name="person"),
    path("team/<int:pk>/lift-limit/", limits.lift, name="lift_limit"),
    path("team/<int:pk>/absence/", team.absence, name="absence"),
    path("team/<int:pk>/transfer/", team.transfer, name="transfer"),
]
