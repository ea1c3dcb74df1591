"""What lands in AWS: our code, its dependencies, and nothing that stays home."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.dependencies import Platform, dependencies_layer
from tests.infrastructure.deployed import FUNCTIONS, Deployed

MEGABYTE = 1024 * 1024
# The machine field of an ELF file (docs: System V ABI, e_machine).
ELF_MACHINE = {"x86_64": 0x3E, "arm64": 0xB7}
STAYS_HOME = {"boto3", "botocore", "tests", "infra", "tools", "aws_cdk", "moto", "__pycache__"}


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("layers")


def layer_for(architecture: str, build: Path) -> Path:
    lambda_platform = Platform.of_lambda(runtime="python3.13", architecture=architecture)
    return dependencies_layer(lambda_platform, build=build)


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
def test_the_dependencies_are_for_the_machine_they_will_run_on(architecture: str, build: Path):
    compiled = list(layer_for(architecture, build).rglob("*.so"))
    assert compiled
    for library in compiled:
        header = library.read_bytes()[:20]
        assert int.from_bytes(header[18:20], "little") == ELF_MACHINE[architecture], library


def test_the_dependencies_are_small_and_hold_nothing_that_stays_home(build: Path):
    layer = layer_for("x86_64", build)
    files = [path for path in layer.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 20 * MEGABYTE
    assert [path.name for path in layer.iterdir()] == ["python"]
    parts = {part for path in files for part in path.relative_to(layer).parts}
    assert not parts & STAYS_HOME
    assert not [part for part in parts if part in {"RECORD", "INSTALLER", "bin", ".lock"}]


def test_the_dependencies_are_complete_without_anything_else_installed(build: Path):
    layer = dependencies_layer(Platform.of_this_machine(), build=build)
    imports = "import pydantic, requests, zoneinfo, aws_lambda_powertools.metrics"
    alone = f"import sys; sys.path.insert(0, {str(layer / 'python')!r}); {imports}"
    # -S leaves out this environment's own packages, so only the layer can provide.
    subprocess.run([sys.executable, "-I", "-S", "-c", alone], check=True)


def test_unchanged_dependencies_are_not_built_again(build: Path):
    first = layer_for("x86_64", build)
    built_at = first.stat().st_mtime_ns
    assert layer_for("x86_64", build) == first
    assert first.stat().st_mtime_ns == built_at


def test_two_builds_at_once_end_with_one_whole_layer(tmp_path: Path):
    with ThreadPoolExecutor() as both:
        first, second = both.map(
            lambda _: dependencies_layer(Platform.of_this_machine(), build=tmp_path), range(2)
        )

    assert first == second
    assert list(tmp_path.iterdir()) == [first]
    assert (first / "python" / "requests").is_dir()


def test_a_build_that_fails_leaves_nothing_that_could_pass_for_a_layer(tmp_path: Path):
    nobody_has_it = Platform(python_version="3.13", wheels="x86_64-unknown-nothing")
    with pytest.raises(subprocess.CalledProcessError):
        dependencies_layer(nobody_has_it, build=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_its_handler_and_nothing_else(deployed: Deployed, function: str):
    properties = deployed.function(function)
    files = [path.name for path in deployed.asset(properties["Code"]).rglob("*")]
    assert files == ["handler.py"]
    assert properties["Handler"] == "handler.handler"
    assert len(properties["Layers"]) == 2


def test_our_layer_is_our_code_and_nothing_else(deployed: Deployed):
    contents = [
        deployed.asset(layer["Content"])
        for layer in deployed.all("AWS::Lambda::LayerVersion").values()
    ]
    (ours,) = (folder for folder in contents if (folder / "python").exists())
    assert [path.name for path in (ours / "python").iterdir()] == ["billing_sync"]
    files = [path for path in ours.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".py", ".typed"}
