"""Django's admin: people may be edited; rows that have verbs are only looked at, for a verb writes its Event."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.validators import MaxLengthValidator
from django.db.models import Field, JSONField, TextField
from django.forms import ModelForm
from django.http import HttpRequest

from desk.accounts import LONGEST_NAME
from desk.forms.account import AdminLoginForm
from desk.models import User

OURS = ("crawler", "classifier", "digest")
MOST_COLUMNS = 6


class ReadOnly(admin.ModelAdmin):
    """Rows to look at, page by page, without a count of all of them."""

    show_full_result_count = False
    list_per_page = 50

    def get_list_display(self, request: HttpRequest) -> list[str]:
        return [field.name for field in self.opts.fields if _is_short(field)][:MOST_COLUMNS]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class People(UserAdmin):
    """Django's own page, with names that fit where rows say who did a thing."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> type[ModelForm]:
        form = super().get_form(request, obj, change=change, **options)
        if "username" in form.base_fields:
            form.base_fields["username"].validators.append(MaxLengthValidator(LONGEST_NAME))
        return form


def _is_short(field: Field) -> bool:
    return not isinstance(field, TextField | JSONField)


admin.site.site_header = admin.site.site_title = "Glabella"
admin.site.login_form = AdminLoginForm
admin.site.register(User, People)
for label in OURS:
    for model in apps.get_app_config(label).get_models():
        admin.site.register(model, ReadOnly)
