"""Every address of the site: the admin, the desk, then the public pages, whose slugs catch what is left."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("desk/", include("desk.urls_desk")),
    path("", include("desk.urls_public")),
]

handler404 = "desk.views.refused.not_found"
