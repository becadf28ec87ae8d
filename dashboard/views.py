from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from accounts.models import Team
from accounts.requests import reaching

from . import homes

HOMES = {
    Team.SALES: ("dashboard/home_sales.html", homes.sales),
    Team.SUPPORT: ("dashboard/home_support.html", homes.support),
    Team.MANAGEMENT: ("dashboard/home_management.html", homes.management),
}
STEPS = 7  # Shown on a home page; ``?todo=all`` has the others.
ALL_STEPS = 200


@require_safe
def home(request):
    """The page of the person's team: what to do next comes before any figure."""
    template, tell = HOMES[request.user.team or Team.MANAGEMENT]
    most = ALL_STEPS if request.GET.get("todo") == "all" else STEPS
    context = tell(request.user, most) | {"today_date": localdate()}
    context["requests"] = reaching(request.user).count()
    return render(request, template, context)
