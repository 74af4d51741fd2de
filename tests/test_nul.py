"""A NUL at the door: no page of ours becomes a 500 by it, on either database."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/%00", "/brow/topics/%00", "/s/a%00b", "/leave/%00", "/desk/brow/stories/%00"])
def test_a_nul_in_an_address_is_no_page(path):
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/?q=%00", "/?%00=q", "/login?next=%00"])
def test_a_nul_in_a_query_is_a_bad_request(path):
    assert Client().get(path).status_code == 400


def test_a_nul_in_a_form_is_said_at_its_field():
    answer = Client().post("/desk/login", {"username": "edith\x00", "password": "x"})
    assert answer.status_code < 500
    assert "ull" in answer.content.decode()
