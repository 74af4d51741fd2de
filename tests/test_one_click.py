"""One click in a mail program against the running server: the address is read from the mail's bytes, as a receiver does."""

from __future__ import annotations

import email
import email.policy
import json
import re
import urllib.request

import pytest

from tests.processes import installation
from tests.servers import free_port, wait_for

pytestmark = [pytest.mark.servers, pytest.mark.slow]
CLIPPED_AT = 102_000
ONE_LINE = re.compile(rb"^List-Unsubscribe: <(http[^>\s]+)>\r$", re.MULTILINE)
FORM = ("application/x-www-form-urlencoded", b"List-Unsubscribe=One-Click")
PARTS = (
    "multipart/form-data; boundary=cut",
    b'--cut\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--cut--\r\n',
)


@pytest.fixture
def house(tmp_path, tables):
    """Two readers who have had an edition, and the web where its links lead."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with installation(tmp_path / "house", tables, SITE_URL=base) as made:
        made.migrate()
        made.step("prepare", sources=[], readers=2)
        made.step("write", title="A straight nose")
        made.step("edit")
        assert made.glabella("send").returncode == 0
        web = made.start("desk", "serve", "--web-only", "--port", str(port))
        wait_for(lambda: urllib.request.urlopen(f"{base}/", timeout=5).status == 200)
        yield made
        assert made.said(web).splitlines() == [f"serving on {base}, Ctrl-C ends it"]


def states(house):
    return {row["address"]: row["state"] for row in json.loads(house.glabella("subscriber", "list", "--json").stdout)}


def click(address, kind, body):
    """What a mail program does (RFC 8058): a POST without cookies, and no second question."""
    request = urllib.request.Request(address, data=body, headers={"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.status == 200
        assert answer.geturl() == address


def test_each_reader_leaves_with_one_click_and_only_that_reader(house):
    for path, (kind, body) in zip(house.mails(), (FORM, PARTS), strict=True):
        raw = path.read_bytes()
        assert len(raw) < CLIPPED_AT
        (address,) = ONE_LINE.findall(raw)
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        assert mail.defects == []
        assert address.decode() in mail.get_body(("plain",)).get_content()
        before = states(house)
        for method in ("HEAD", "GET"):
            asked = urllib.request.Request(address.decode(), method=method)
            with urllib.request.urlopen(asked, timeout=20) as looked:
                assert (looked.status, int(looked.headers["Content-Length"]) > 500) == (200, True)
        assert states(house) == before
        click(address.decode(), kind, body)
        assert states(house) == {**before, mail["To"].addresses[0].addr_spec: "left"}
