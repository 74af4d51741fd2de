"""docker-compose.yml and Dockerfile without a container engine: what they promise, and their commands as processes."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
import yaml

from desk.variables import VARIABLES
from tests.processes import ROOT, installation
from tests.servers import free_port, redis_binary, wait_for

TEXT = (ROOT / "docker-compose.yml").read_text()
FILLED = {
    "POSTGRES_PASSWORD": "a1",
    "REDIS_PASSWORD": "b2",
    "GLABELLA_SECRET": "c3",
    "SITE_URL": "https://news.example",
    "SMTP_URL": "smtp://mail.example:587",
}
OURS = ("web", "worker-crawl", "worker-process", "worker-mail", "beat", "migrate")
FOR_DEVELOPERS = (".cfg", ".keep", "")
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?:(:[?-])([^}]*))?\}")


class Refused(Exception):
    """What compose would say and not start."""


def filled(text, variables):
    """Compose's own rules for `$$`, `${NAME:?words}` and `${NAME:-default}`."""

    def value(found):
        name, rule, more = found.groups()
        if name is None:
            return "$"
        given = variables.get(name, "")
        if not given and rule == ":?":
            raise Refused(more)
        return given or (more if rule == ":-" else "")

    return VARIABLE.sub(value, text)


def services(variables=FILLED):
    return yaml.safe_load(filled(TEXT, variables))["services"]


@pytest.mark.parametrize("name", FILLED)
def test_it_refuses_to_start_without_what_has_no_default_and_names_it(name):
    with pytest.raises(Refused, match=f"set {name} in .env"):
        services({**FILLED, name: ""})


def test_the_example_names_every_variable_and_fills_in_none():
    lines = [line for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#")]
    assert all(line.endswith("=") for line in lines)
    used = {name for name, _, _ in VARIABLE.findall(TEXT) if name}
    assert {line.rstrip("=") for line in lines} == used == {*FILLED, "GLABELLA_CONTACT"}


def test_no_secret_stands_in_the_file():
    for name, service in services({name: f"<{name}>" for name in FILLED}).items():
        for variable, value in service.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|AUTH|DATABASE_URL|BROKER_URL", variable):
                assert "<" in value, (name, variable)


@pytest.mark.parametrize("name", sorted(services()))
def test_every_service_is_guarded(name):
    service = services()[name]
    assert service["user"] not in ("root", "0", "0:0")
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("privileged")
    assert name == "migrate" or service["healthcheck"]["test"]
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    assert not service.get("image", "").endswith("latest")


def test_data_rests_in_named_volumes():
    mounts = [mount for service in services().values() for mount in service.get("volumes", [])]
    assert {mount.partition(":")[0] for mount in mounts} == set(yaml.safe_load(TEXT)["volumes"])


def test_nothing_of_ours_starts_before_the_tables_are_there():
    for name in set(OURS) - {"migrate"}:
        assert services()[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services()["mailpit"]["profiles"] == ["development"]


def test_every_queue_has_workers_and_there_is_one_beat():
    from desk.celery import QUEUES

    commands = {name: services()[name]["command"] for name in OURS}
    served = [command[command.index("--queues") + 1] for command in commands.values() if "--queues" in command]
    assert sorted(served) == sorted(QUEUES)
    assert sum("beat" in command for command in commands.values()) == 1


def test_both_switches_are_set_and_every_variable_of_ours_is_known():
    known = {variable.name for variable in VARIABLES}
    for name in OURS:
        environment = services()[name]["environment"]
        assert set(environment) <= known
        assert urlsplit(environment["DATABASE_URL"]).password == "a1"
        assert urlsplit(environment["BROKER_URL"]).hostname == "redis"


def test_the_image_is_not_root_and_takes_hashed_requirements_only():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    assert all("--require-hashes" in line or "--no-deps" in line for line in lines if "pip install" in line)
    assert sum(line.startswith("FROM") for line in lines) == 2
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert services()["web"]["user"] == "10001:10001"


@pytest.mark.slow
def test_what_the_image_installs_holds_every_file_of_the_packages(tmp_path):
    copied = [line.split()[1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("COPY ")]
    packages = [name for name in copied if (ROOT / name).is_dir()]
    source, target = tmp_path / "src", tmp_path / "target"
    for name in packages:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--target"]
    done = subprocess.run([*pip, target, "."], cwd=source, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    files = [path for name in packages for path in (source / name).rglob("*") if path.is_file()]
    wanted = {path.relative_to(source) for path in files if path.suffix not in FOR_DEVELOPERS}
    held = {path.relative_to(target) for path in target.rglob("*")}
    assert sorted(map(str, wanted - held)) == []


def as_process(service, **instead):
    """The command of a service as words for `python -m`, with its addresses replaced by free ones."""
    words = [instead.get(word, word) for word in services()[service]["command"]]
    return ["desk" if words[0] == "glabella" else words[0], *words[1:]]


def healthy(service, made, **instead):
    """Run the service's own health check."""
    kind, *test = services()[service]["healthcheck"]["test"]
    for old, new in instead.items():
        test = [word.replace(old, new) for word in test]
    environment = {**made.env, "HOSTNAME": socket.gethostname()}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    command = test if kind == "CMD" else ["sh", "-c", *test]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, timeout=60).returncode == 0


@pytest.fixture
def house(tmp_path, tables, redis_url):
    with installation(tmp_path, tables, BROKER_URL=redis_url) as made:
        made.migrate()
        yield made


@pytest.mark.servers
@pytest.mark.slow
def test_the_web_starts_as_it_is_told_and_is_found_healthy(house):
    port = str(free_port())
    command = as_process("web", **{"0.0.0.0": "127.0.0.1"})
    assert not healthy("web", house, **{":8000": f":{port}"})
    web = house.start(*command, "--port", port)
    wait_for(lambda: healthy("web", house, **{":8000": f":{port}"}), every=0.5)
    web.terminate()
    assert web.wait(20) == 0


@pytest.mark.servers
@pytest.mark.slow
def test_a_worker_and_the_beat_start_as_they_are_told_and_are_found_healthy(house):
    assert not healthy("beat", house)
    worker, beat = house.start(*as_process("worker-mail")), house.start(*as_process("beat"))
    wait_for(lambda: healthy("beat", house), every=0.5)
    wait_for(lambda: healthy("worker-mail", house), 60, every=0.5)
    beat.terminate()
    worker.terminate()
    assert (beat.wait(20), worker.wait(20)) == (0, 0)


@pytest.mark.servers
def test_redis_takes_its_command_and_asks_for_the_password(tmp_path):
    port = free_port()
    options = [*services()["redis"]["command"][1:], "--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    server = subprocess.Popen([redis_binary(), *options], stdout=subprocess.DEVNULL)
    try:
        wait_for(redis.Redis(port=port, password=FILLED["REDIS_PASSWORD"]).ping)
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()
    finally:
        server.terminate()
        server.wait()
