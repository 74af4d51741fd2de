"""The demo's newsroom finds a port beside whoever has the usual one, and says which is taken where it may not move."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from desk.cli.demo import _newsroom
from desk.demo.site import base_urls
from desk.errors import DeskError

pytestmark = pytest.mark.servers


@pytest.fixture
def taken():
    """A port that somebody holds at the newsroom's third address."""
    host = urlsplit(list(base_urls().values())[2]).hostname
    with socket.socket() as holder:
        holder.bind((host, 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_new_home_takes_another_port_where_the_usual_one_is_taken(tmp_path, taken, monkeypatch):
    monkeypatch.setattr("desk.cli.demo.DEFAULT_PORT", taken)
    mark = tmp_path / "mark"
    mark.touch()
    with _newsroom(mark) as newsroom:
        assert newsroom.port != taken
        assert mark.read_text() == str(newsroom.port)


def test_a_kept_home_says_which_port_it_needs(tmp_path, taken):
    mark = tmp_path / "mark"
    mark.write_text(str(taken))
    with pytest.raises(DeskError, match=f"port {taken} of 127.0.1.1"), _newsroom(mark):
        pass
