"""Addresses: one spelling for each, its key, its site, and which canonical address may be believed.

Follows RFC 3986 section 6.2 (syntax-based normalisation) and what browsers forgive (WHATWG URL: stray white
space, backslashes are not touched). No function here raises on any text.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna
import tldextract

# Parameters that say who sent the reader, never what is read.
TRACKING = re.compile(
    r"""(?xi) (?: utm_ | mtm_ | pk_ | piwik_ | hsa_ | vero_ | trk_ | at_campaign | at_medium ) .*
    | _ga | _gl | _hsenc | _hsmi | __hssc | __hstc | __hsfp | __s | __twitter_impression | _openstat | cmpid
    | dclid | fbclid | fb_action_ids | fb_action_types | fb_ref | fb_source | gad_source | gbraid | gclid
    | gclsrc | igsh | igshid | li_fat_id | mc_cid | mc_eid | mkt_tok | msclkid | ncid | oly_anon_id | oly_enc_id
    | rb_clickid | s_cid | sc_cid | soc_src | soc_trk | spm | srsltid | trk | ttclid | twclid | wbraid
    | wickedid | xtor | yclid | ysclid"""
)
# Parameters that say which visit it is: by a name that nothing else has, or by a name and a value like a session's key.
SESSION = re.compile(
    r"""(?xi) (?: phpsessid | jsessionid | aspsessionid[a-z]* | asp\.net_sessionid | cftoken ) = .*
    | (?: sid | sessid | session_?id | oscsid | zenid ) = (?= [a-z]*\d ) (?= \d*[a-z] ) [0-9a-z]{22,}"""
)
_SESSION_IN_PATH = re.compile(r"(?i);jsessionid=[^/;]*")
# How the address of another view of a page goes on behind the page's own.
_VIEW = re.compile(r"(?i)(?:amp|print|index\.[a-z]+|(?:page|comment-page)[/-]\d+)/?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_INDEX = re.compile(r"(?i)/index\.[a-z]+$")
DEFAULT_PORTS = {"http": 80, "https": 443}

_UNSEEN = re.compile(r"[\t\r\n\x00]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_KEPT_IN_PATH = "%/:@!$&'()*+,;=~[]|"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?"
# The list that ships with the package: no look-up in the network, no cache on disk. Private suffixes count,
# so that two blogs on one blog host are two sites.
_SUFFIXES = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def normalise(url: str) -> str:
    """The one spelling of an address; what is no http or https address comes back only trimmed.

    Lower-case host (IDNA), no default port, no dot segments, no fragment, no parameters of tracking or sessions;
    escapes in capitals and only where needed; the order of parameters is kept. A second pass changes nothing.
    """
    text = _trimmed(url)
    parts = _split(text)
    if parts is None or parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return text
    # Names are read after unescaping: `utm%5Fsource` is `utm_source`.
    query = _without_visit(_escaped(parts.query, _KEPT_IN_QUERY))
    path = _without_dots(_SESSION_IN_PATH.sub("", _escaped(parts.path, _KEPT_IN_PATH))) or "/"
    return f"{parts.scheme}://{_authority(parts)}{path}{'?' + query if query else ''}"


def link_key(url: str) -> str:
    """The key of a link: SHA-256 of the normalised address, 64 hex digits."""
    return hashlib.sha256(normalise(url).encode()).hexdigest()


def urn_of(text: str) -> str:
    """The address of a text that has none: `urn:sha256:<64 hex digits>` of its UTF-8."""
    return "urn:sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def host_of(url: str) -> str:
    """The host in its one spelling, without port; empty where the address has none."""
    parts = _split(_trimmed(url))
    return _host(parts.hostname) if parts is not None and parts.hostname else ""


def registrable_domain(url: str) -> str:
    """The domain that somebody registered (`a.b.example.co.uk` -> `example.co.uk`), offline.

    A host without public suffix (an IP address, `localhost`) stands for itself; no host gives "".
    """
    host = host_of(url)
    if not host or _is_address(host):
        return host
    return _SUFFIXES(host).top_domain_under_public_suffix or host


def same_site(one: str, other: str) -> bool:
    """Whether two addresses lie on one registrable domain."""
    domain = registrable_domain(one)
    return bool(domain) and domain == registrable_domain(other)


def can_be_host(host: str) -> bool:
    """Whether a server may have this name, as `host_of` spells it: an address by number, or labels of at most 63 letters
    (RFC 1123 2.1, and the underscore that some have)."""
    return _is_address(host) or all(map(_is_label, host.split(".")))


def is_private(host: str) -> bool:
    """Whether a host, given as a number, is not of the public internet; of names only those that no one else can have."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def fold_canonical(url: str, canonical: str) -> str:
    """The address an article goes by: the page's canonical one where it may be believed, else its own.

    Believed on the same registrable domain only, else any page could swallow another's article. A page that calls a
    folder above it canonical is a template's mistake that would fold a whole section, or the site, into one article.
    """
    own, said = normalise(url), _named(url, canonical)
    return said if said and same_site(own, said) and not _is_above(said, own) else own


def doubted_canonical(url: str, canonical: str) -> str:
    """The web address that a page names as canonical where it is not believed; blank where it is, or none is named."""
    said = _named(url, canonical)
    return said if said != fold_canonical(url, canonical) else ""


def absolute(base: str, reference: str) -> str:
    """A reference as the page at `base` means it; unreadable ones come back trimmed."""
    text = _trimmed(reference)
    try:
        return urljoin(_trimmed(base), text)
    except ValueError:
        return text


def _trimmed(url: str) -> str:
    return _SURROGATE.sub("�", _UNSEEN.sub("", url)).strip("".join(map(chr, range(33))) + "\xa0\u3000")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # a port that is no number is found out only here
    except ValueError:
        return None
    return parts


def _authority(parts: SplitResult) -> str:
    host = _host(parts.hostname or "")
    user = parts.netloc.rpartition("@")[0]
    port = "" if parts.port is None or parts.port == DEFAULT_PORTS[parts.scheme] else f":{parts.port}"
    return (f"{quote(user, safe='%:!$&()*+,;=~')}@" if user else "") + (f"[{host}]" if ":" in host else host) + port


def _host(name: str) -> str:
    host = name.lower().rstrip(".")
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_label(label: str) -> bool:
    if not _LABEL.fullmatch(label):
        return False
    try:
        return not label.startswith("xn--") or bool(label[4:].encode().decode("punycode"))
    except UnicodeError:
        return False


def _named(url: str, canonical: str) -> str:
    said = normalise(absolute(url, canonical)) if canonical.strip() else ""
    return said if said.startswith(("http://", "https://")) and host_of(said) else ""


def _is_above(said: str, own: str) -> bool:
    """Whether one address is a folder that the other lies in, not the page itself of which the other is a view."""
    above, below = _split(said), _split(own)
    if above is None or below is None or above.query:
        return False
    folder = _INDEX.sub("", above.path).rstrip("/") + "/"
    rest = below.path.removeprefix(folder)
    if rest == below.path or _VIEW.fullmatch(rest):
        return False
    return bool(rest) or (folder == "/" and bool(below.query))


def _without_visit(query: str) -> str:
    pairs = (pair for pair in query.split("&") if pair)
    return "&".join(
        pair for pair in pairs if not TRACKING.fullmatch(pair.partition("=")[0]) and not SESSION.fullmatch(pair)
    )


def _escaped(text: str, safe: str) -> str:
    """Escapes in capitals, none for unreserved characters, UTF-8 ones for all that may not stand bare."""
    return quote(_ESCAPE.sub(_unescape, re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)), safe=safe)


def _unescape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4: `/a/./b/../c` -> `/a/c`."""
    out: list[str] = []
    segments = path.split("/")
    for position, segment in enumerate(segments):
        last = position == len(segments) - 1
        if segment == "..":
            if len(out) > 1:
                out.pop()
            if last:
                out.append("")
        elif segment == ".":
            if last:
                out.append("")
        else:
            out.append(segment)
    return "/".join(out)
