"""`python tests/with_servers.py COMMAND ...`: run a command beside a real PostgreSQL and a real Redis-protocol server.

DATABASE_URL and BROKER_URL name them; the exit code is the command's.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.servers import postgres_server, redis_server


def main(command: list[str]) -> int:
    with postgres_server() as database, redis_server() as broker:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": database, "BROKER_URL": broker}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
