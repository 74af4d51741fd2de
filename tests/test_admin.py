"""The admin shows every row and changes none that has verbs."""

import pytest
from django.apps import apps
from django.urls import reverse

from desk.admin import OURS
from desk.models import User
from tests.factory import make_publication, make_story

pytestmark = pytest.mark.django_db
MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]


@pytest.fixture
def admin(client):
    # Without a password: hashing one takes longer than the test.
    client.force_login(User.objects.create(username="olga", is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_can_be_looked_at_but_not_added_to(admin, model):
    make_story("A straight nose", ["nose"])
    make_publication()
    where = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert admin.get(reverse(f"{where}_changelist")).status_code == 200
    assert admin.get(reverse(f"{where}_add")).status_code == 403


def test_an_editor_without_the_operators_role_does_not_get_in(client):
    client.force_login(User.objects.create(username="ed"))
    assert client.get(reverse("admin:index")).status_code == 302
