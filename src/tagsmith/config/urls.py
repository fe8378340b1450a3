"""The addresses of everything that is served."""

from django.urls import include, path

urlpatterns = [path("", include("tagsmith.web.urls"))]
