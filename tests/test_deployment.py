"""The files with which others run HourTab say what they have to: read here, as Docker need not be on the machine."""

import doctest
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from django.conf import settings

from deploy import check_files, new_env, pin, try_image
from hourtab import alive

ROOT = Path(settings.BASE_DIR)
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if "build" in service)
SECRET = {
    "SECRET_KEY",
    "HOURTAB_LINK_KEY",
    "DB_PASSWORD",
    "DB_APP_PASSWORD",
    "DB_BACKUP_PASSWORD",
    "DB_ADMIN_PASSWORD",
}


def test_the_image_runs_as_a_number_and_is_asked_whether_it_lives():
    said = dict(try_image.instructions(DOCKERFILE))
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", said["USER"])
    assert "hourtab.alive" in said["HEALTHCHECK"]
    assert "migrate" not in said["CMD"]


def test_what_builds_the_image_is_not_in_it():
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "uv" not in re.findall(r"\w+", last)
    assert "pip uninstall" in last
    assert "--require-hashes" in DOCKERFILE
    assert "--hash=sha256:" in (ROOT / "deploy/uv.txt").read_text()
    assert all("hash" in wheel for wheel in re.findall(r"\{ url = .*\}", (ROOT / "uv.lock").read_text()))


@pytest.mark.parametrize("path", pin.FILES, ids=lambda path: path.name)
def test_every_base_has_an_exact_tag(path):
    text = path.read_text()
    named = re.findall(r"(?m)^(?:FROM |    image: )(\S+)", text)
    assert named == [each for each in named if each.split("@")[0] in pin.bases(text)]
    assert all(re.search(r":\d+\.\d+", each) for each in named)


def test_a_digest_is_written_behind_its_tag_and_replaces_the_one_before():
    text = "FROM python:3.11.14-slim AS build\nFROM python:3.11.14-slim\n"
    first = pin.pinned(text, {"python:3.11.14-slim": "sha256:" + "a" * 64})
    assert first.count("@sha256:" + "a" * 64) == 2
    second = pin.pinned(first, {"python:3.11.14-slim": "sha256:" + "b" * 64})
    assert "a" * 64 not in second
    assert pin.bases(second) == ["python:3.11.14-slim"] * 2


def test_where_no_registry_is_reached_no_digest_is_written(monkeypatch):
    before = [path.read_text() for path in pin.FILES]
    monkeypatch.setattr(pin, "_docker", lambda *words: None)
    assert pin.main() == 1
    assert [path.read_text() for path in pin.FILES] == before


@pytest.mark.parametrize("name", OURS)
def test_a_process_of_ours_can_write_nothing_but_its_volumes_and_gain_nothing(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["user"] == dict(try_image.instructions(DOCKERFILE))["USER"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_process_has_limits_a_grace_period_and_logs_that_end(name):
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["stop_grace_period"]
    assert {"max-size", "max-file"} <= service["logging"]["options"].keys()


def test_one_job_migrates_and_everything_else_waits_for_it():
    migrating = [name for name in OURS if "migrate" in SERVICES[name].get("command", [])]
    assert migrating == ["migrate"]
    for name in set(OURS) - {"migrate"}:
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert {"web", "sender", "tick", "backup"} <= set(OURS)


def test_only_the_proxy_is_reached_from_outside_and_the_database_by_nobody():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]
    assert SERVICES["db"]["networks"] == ["data"]
    assert COMPOSE["networks"]["data"]["internal"] is True
    (network,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    assert SERVICES["web"]["environment"]["TRUSTED_PROXIES"] == network["subnet"]


def test_the_server_gets_longer_to_stop_than_it_takes():
    seconds = int(re.search(r"graceful_timeout = (\d+)", (ROOT / "hourtab/gunicorn.py").read_text())[1])
    assert int(SERVICES["web"]["stop_grace_period"].rstrip("s")) > seconds


def test_each_process_has_the_database_role_that_it_needs():
    roles = {
        name: re.search(r"://(\w+):\$\{(\w+)", SERVICES[name]["environment"]["DATABASE_URL"]).groups()
        for name in OURS
    }
    assert roles.pop("migrate") == ("hourtab", "DB_PASSWORD")
    assert roles.pop("backup") == ("hourtab_backup", "DB_BACKUP_PASSWORD")
    assert set(roles.values()) == {("hourtab_app", "DB_APP_PASSWORD")}
    said = (ROOT / "deploy/roles.sh").read_text()
    assert all(mounted.split(":")[1] in said for mounted in SERVICES["db"]["volumes"] if ".sql" in mounted)
    assert set(re.findall(r"\$(\w+_PASSWORD)", said)) < SERVICES["db"]["environment"].keys()
    subprocess.run(["sh", "-n", "deploy/roles.sh"], cwd=ROOT, check=True)


@pytest.mark.parametrize("name", OURS)
def test_no_process_is_handed_the_password_of_another_role(name):
    """The .env that all of them read has every one: each is emptied again."""
    asked = {secret for secret in SECRET if secret.startswith("DB_")}
    assert {each: SERVICES[name]["environment"][each] for each in asked} == dict.fromkeys(asked, "")


def test_the_tools_that_are_installed_look_the_files_through():
    done = subprocess.run(
        [sys.executable, "deploy/check_files.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split(": ")[0] for line in done.stdout.splitlines()] == ["compose.yaml", "deploy/Caddyfile"]


def test_a_file_that_a_tool_refuses_is_named_with_what_it_says(tmp_path, monkeypatch):
    tool = tmp_path / "caddy"
    tool.write_text("#!/bin/sh\necho first >&2\necho 'unknown directive' >&2\nexit 1\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")

    assert check_files.checked("Caddyfile", ["caddy"], tmp_path) == (False, "Caddyfile: unknown directive")
    told = check_files.checked("x", ["no-such-tool"], tmp_path)
    assert told == (True, "x: not checked, no-such-tool is not here (apt-get install no-such-tool)")


def test_the_proxy_bounds_bodies_and_cuts_secrets_out_of_its_log():
    said = (ROOT / "deploy/Caddyfile").read_text()
    assert said.count("{") == said.count("}")
    assert re.findall(r"max_size (\d+)MB", said) == ["52", "4"]
    cut = re.search(r'request>uri regexp "(.+?)"', said)[1]
    assert re.sub(cut, "x", "/b/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF/log.csv") == "/b/x/log.csv"


def test_new_keys_are_strong_and_never_the_same():
    first, second = (
        dict(
            line.split("=", 1) for line in new_env.new_env("hours.example.com").splitlines() if line[0] != "#"
        )
        for _ in range(2)
    )
    assert all(first[name] != second[name] for name in SECRET)
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text()))
    assert asked <= first.keys()
    started = subprocess.run(
        [sys.executable, "-c", "import hourtab.settings"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DEBUG": "0", "ALLOWED_HOSTS": "hours.example.com", **first,
             "EMAIL_URL": "smtp://mail.example.com"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert started.returncode == 0, started.stderr


def test_a_browser_is_bound_to_https_for_a_day_and_for_this_host_alone():
    said = (
        "from hourtab import settings as s; print(*(getattr(s, n) for n in sorted(dir(s)) if '_HSTS_' in n))"
    )
    env = dict(
        line.split("=", 1) for line in new_env.new_env("hours.example.com").splitlines() if line[0] != "#"
    )
    done = subprocess.run(
        [sys.executable, "-c", said],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DEBUG": "0", "ALLOWED_HOSTS": "hours.example.com", **env,
             "EMAIL_URL": "smtp://mail.example.com"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["False", "False", "86400"]


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(
            200 if (self.path, self.headers["Host"]) == ("/healthz", "hours.example.com") else 400
        )
        self.end_headers()

    def log_message(self, *args):
        """Nobody reads it."""


def test_a_server_lives_that_answers_by_its_own_name():
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = Thread(target=lambda: [server.handle_request() for _ in range(2)])
        thread.start()
        assert alive.status(server.server_port, "hours.example.com") == 200
        assert alive.status(server.server_port, "elsewhere.example") == 400
        thread.join()
    assert alive.status(server.server_port, "hours.example.com") == 0


@pytest.mark.parametrize("module", [pin, try_image], ids=lambda it: it.__name__)
def test_worked_examples_hold(module):
    found = doctest.testmod(module)
    assert found.attempted > 0
    assert found.failed == 0
