"""What deploy/ says is true of the program: settings, pages, ports, times, actions, series."""

import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.routing import Route

from bot.engine import composing, courier, marker, ticker
from bot.metrics import Backlog, Metrics
from bot.platforms.slack import requests, socket_mode, tasks
from bot.platforms.slack.listeners import PATIENCE
from bot.platforms.slack.outbound import HISTORY, PACE
from bot.serving_pages import Pages
from bot.settings import Settings
from tests.pilot import World

FOLDER = Path(__file__).parents[2] / "deploy"
FILES = {each.name: each.read_text("utf-8") for each in FOLDER.iterdir() if each.suffix != ".png"}
SETTINGS = {str(field.validation_alias) for field in Settings.model_fields.values()}
PORT = Settings.model_fields["port"].default
#: The longest that a process takes to end, in seconds: what it sends, connections that stay, forms,
#: the socket, answers, and the outcomes that a database that is away does not take.
STOP = ticker.GRACE + 3 + PATIENCE + socket_mode.ENDING + tasks.GRACE + sum(marker.WAITS)
READ = "Read, not started here."
RUNBOOK = FILES["runbook.md"]


def loaded(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(FILES[name]))


@pytest.fixture
def pages(world: World) -> set[str]:
    routes = Pages(world.coach, {}).application.routes
    return {each.path for each in routes if isinstance(each, Route)}


def test_the_readme_tells_of_each_file() -> None:
    told = set(re.findall(r"^\| `([^`]+)` \|", FILES["README.md"], re.MULTILINE))
    assert told | {"README.md"} == set(FILES)


@pytest.mark.parametrize("name", ["compose.yaml", "compose.postgres.yaml"])
def test_compose_names_only_what_there_is(name: str) -> None:
    assert FILES[name].startswith(f"# {READ}")
    (told,) = loaded(name)
    service = told["services"]["preceptor"]
    assert service["environment"].keys() <= SETTINGS
    assert (FOLDER / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    assert float(service["stop_grace_period"].removesuffix("s")) > STOP
    volumes = [
        each.partition(":")[0]
        for one in told["services"].values()
        for each in one.get("volumes", [])
    ]
    assert set(volumes) == told["volumes"].keys()
    assert set(service.get("depends_on", {})) == told["services"].keys() - {"preceptor"}


def test_several_processes_are_for_postgresql_alone() -> None:
    for name, replicas in (("compose.yaml", 1), ("compose.postgres.yaml", 2)):
        (told,) = loaded(name)
        service = told["services"]["preceptor"]
        url = service["environment"]["DATABASE_URL"]
        assert service.get("deploy", {"replicas": 1})["replicas"] == replicas
        assert url.startswith("sqlite:" if replicas == 1 else "postgresql+psycopg:")


def test_kubernetes_names_only_what_there_is(pages: set[str]) -> None:
    assert FILES["kubernetes.yaml"].startswith(f"# {READ}")
    deployment, service = loaded("kubernetes.yaml")
    assert (deployment["kind"], service["kind"]) == ("Deployment", "Service")
    pod = deployment["spec"]["template"]["spec"]
    (migrate,), (serve,) = pod["initContainers"], pod["containers"]
    assert [migrate["args"], serve["args"]] == [["preceptor", "migrate"], ["preceptor", "serve"]]
    assert migrate["image"] == serve["image"]
    for container in (migrate, serve):
        names = {each["name"] for each in container["env"]}
        assert names <= SETTINGS
        secret = {each["name"] for each in container["env"] if "valueFrom" in each}
        assert {
            "DATABASE_URL",
            *(name for name in SETTINGS if re.search("TOKEN|SECRET", name)),
        } == secret
        for each in container["env"]:
            if "valueFrom" in each:
                assert each["valueFrom"]["secretKeyRef"]["key"] == each["name"]
    (port,) = serve["ports"]
    values = {each["name"]: each.get("value") for each in serve["env"]}
    assert str(port["containerPort"]) == values["PRECEPTOR_PORT"]
    probes = {kind: serve[f"{kind}Probe"]["httpGet"] for kind in ("readiness", "liveness")}
    assert {kind: probe["path"] for kind, probe in probes.items()} == {
        "readiness": "/ready",
        "liveness": "/health",
    }
    assert {probe["path"] for probe in probes.values()} <= pages
    assert {probe["port"] for probe in probes.values()} == {port["name"]}
    assert service["spec"]["ports"][0]["targetPort"] == port["name"]
    assert requests.PATH in FILES["kubernetes.yaml"]
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == service["spec"]["selector"] == labels
    pause = float(serve["lifecycle"]["preStop"]["exec"]["command"][-1])
    assert pod["terminationGracePeriodSeconds"] > STOP + pause


def test_the_image_listens_and_is_asked_where_the_program_answers(pages: set[str]) -> None:
    text = FILES["Dockerfile"]
    assert f"EXPOSE {PORT}\n" in text
    (page,) = re.findall(rf"http://127\.0\.0\.1:{PORT}(/\w+)", text)
    assert page in pages
    (line,) = re.findall(r"^ENV (.*)", text, re.MULTILINE)
    assert {each.partition("=")[0] for each in line.split()} <= SETTINGS


def test_systemd_and_a_shell_read_the_settings(tmp_path: Path) -> None:
    lines = [each for each in FILES["preceptor.env.example"].splitlines() if each[:1] != "#"]
    there = dict(each.split("=", 1) for each in lines)
    assert there.keys() <= SETTINGS
    file = FOLDER / "preceptor.env.example"
    read = 'set -eu -o allexport; . "$1"; env'
    told = subprocess.run(
        ["bash", "-c", read, "bash", str(file)], env={}, capture_output=True, text=True, check=True
    )
    assert set(lines) <= set(told.stdout.splitlines())
    for unit in ("preceptor.service", "preceptor@.service"):
        set_there = re.findall(r"^Environment=(\w+)=", FILES[unit], re.MULTILINE)
        assert set(set_there) <= SETTINGS - there.keys()  # the file would win


def named(pattern: str) -> set[str]:
    return set(re.findall(pattern, RUNBOOK))


def words_in_code() -> Iterator[str]:
    for file in (FOLDER.parent / "bot").rglob("*.py"):
        yield from re.findall(r"\w+", file.read_text("utf-8"))


def test_the_runbook_names_only_what_there_is(world: World, pages: set[str]) -> None:
    series = Metrics().render(Backlog({"slack": 0}, 0.0)).decode()
    metrics = named(r"`(preceptor_\w+)`")
    assert len(metrics) == 4
    for name in metrics:
        assert f"# TYPE {name} " in series, name
    words = named(r"`([a-z]+(?:_[a-z]+)+)`") - metrics
    assert len(words) > 6
    assert words <= set(words_in_code())
    assert {f"/{each}" for each in re.findall(r'[1\d}]/(\w+)"', RUNBOOK)} <= pages
    own = {"BACKUP", "NEW", "NEW_URL", "VERSION", "REPOSITORY"}
    assert named(r"\b([A-Z]+_[A-Z_]+)\b") | {"NEW"} <= SETTINGS | own


def test_the_numbers_of_the_runbook_are_the_programs() -> None:
    text = " ".join(RUNBOOK.split())
    minutes = 5_000 / PACE / 60
    assert f"{PACE:g} messages a second, so 5,000 check-ins take some {minutes:.0f} minutes" in text
    waits = [composing.BACK_OFF * composing.GROWTH**tries for tries in range(composing.TRIES - 1)]
    first, second, *rest = waits
    told = f"{first.seconds} s, {second.seconds} s, {{:.0f}}, {{:.0f}} and {{:.0f}} minutes"
    assert told.format(*(each / timedelta(minutes=1) for each in rest)) in text
    assert f"sends ({ticker.GRACE:g} s) and answers ({tasks.GRACE:g} s)" in text
    assert f"Slack tells of a DM's last {HISTORY} messages" in text
    assert courier.LEASE == timedelta(minutes=1) > timedelta(seconds=sum(marker.WAITS))
