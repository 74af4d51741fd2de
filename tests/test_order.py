"""The order of the tests in this session, whichever of them were asked for."""

from itertools import pairwise

from tests.conftest import drives_a_browser


def test_nothing_runs_after_a_browser_was_started(request):
    items = request.session.items
    assert [two.nodeid for one, two in pairwise(items) if drives_a_browser(one) and not drives_a_browser(two)] == []
