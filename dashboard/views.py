from django.shortcuts import render


def home(request):
    return render(request, "dashboard/home.html")


def agenda(request, year=None, month=None):
    return render(request, "dashboard/agenda.html")


def search(request):
    return render(request, "dashboard/search.html")
