"""One spelling of a mail address: what is accepted can be written into a header and an envelope as it is."""

from __future__ import annotations

import email
import email.policy
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.addresses import address_hash, normal_address
from digest.errors import DigestError
from digest.issue import Imprint
from digest.message import Message
from digest.mime import Envelope, to_bytes

IMPRINT = Imprint("brow", "The Brow", "", "The Brow", "news@brow.example", "", "x", "#8a3b55", "en", "UTC")
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("alice@reader.example", "alice@reader.example"),
        ("  Alice@Reader.Example\n", "alice@reader.example"),
        ("a.b+c_d-e@mail.reader.example", "a.b+c_d-e@mail.reader.example"),
        ("o'hara@reader.example", "o'hara@reader.example"),
        ("alice@Bücher.example", "alice@xn--bcher-kva.example"),
        ("a@1.de", "a@1.de"),
    ],
)
def test_an_address_has_one_spelling(text, address):
    assert normal_address(text) == address
    assert normal_address(address) == address
    assert address_hash(address, "s") != address_hash(address, "t")


@pytest.mark.parametrize(
    "text",
    [
        "", "alice", "@b.de", "a@", "a@b", "a@@b.de", "a@b@c.de", ".a@b.de", "a.@b.de", "a..b@c.de", "a b@c.de",
        "a@b..de", "a@.b.de", "a@b.de.", "a@-b.de", "a@b-.de", "a@b_c.de", "a@b.c/d", "a@[127.0.0.1]", "a@127.0.0.1",
        '"a b"@c.de', '"a"@c.de', "a(b)@c.de", "<a@b.de>", "a,b@c.de", "a;b@c.de", "ä@b.de", "a\u200b@b.de",
        "a@b.de\r\nBcc: x@y.de", "a@b.de\x00", "=?utf-8?q?x?=@b.de\n.c", "a" * 65 + "@b.de",
        "a@" + ".".join(["b" * 60] * 5) + ".de", "a@" + "b" * 64 + ".de", "a@\ud800.de", "a@ .de",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(text):
    with pytest.raises(DigestError):
        normal_address(text)


@given(
    st.one_of(st.text(max_size=60), st.emails(), st.builds("{}@{}.de".format, st.text(max_size=9), st.text(max_size=9)))
)
@example("a@ä.de")
@example("a@b.d\u0301e")
@example("=?utf-8?q?x?=@b.de")
def test_an_accepted_address_goes_into_envelope_and_header_unchanged(text):
    try:
        address = normal_address(text)
    except DigestError:
        return
    assert address.isascii()
    assert normal_address(address) == address
    content = to_bytes(
        Message("s", "<p>h", "t"), IMPRINT, Envelope(address, "", "<x@y.example>", "https://x.example"), NOW
    )
    read = email.message_from_bytes(content, policy=email.policy.default)
    assert [one.addr_spec for one in read["To"].addresses] == [address]
    assert b"=?" not in content.split(b"\r\n\r\n")[0].split(b"To: ")[1].split(b"\r\n")[0] or "=?" in address
