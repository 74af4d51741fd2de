"""Who holds a lease: a name from which a dead holder on this machine is told at once, without waiting for its lease.

Leases still expire by time; that is what frees the work of a machine that is gone.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path


def holder() -> str:
    """A new holder's name: host, process, when that process began, and a random part."""
    pid = os.getpid()
    return f"{socket.gethostname()[:30]}/{pid}/{_began(pid)}/{secrets.token_hex(4)}"


def dead(holders: Iterable[str]) -> list[str]:
    """Those holders whose process ran on this machine and runs no more."""
    return [name for name in holders if _is_dead(name)]


def _is_dead(name: str) -> bool:
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != socket.gethostname()[:30] or not parts[1].isdigit():
        return False
    return _began(int(parts[1])) != parts[2]


def _began(pid: int) -> str:
    """The process's start in clock ticks since boot (proc(5), stat field 22); empty where it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
