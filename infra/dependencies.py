"""Builds the dependencies layer from its lock file, without Docker."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "layers" / "dependencies" / "requirements.txt"
BUILD = ROOT / "build" / "layers"

# What an installer leaves behind and no function reads.
_NOISE: tuple[str, ...] = ("**/__pycache__", "**/tests", "bin", ".lock", "*.dist-info/RECORD")
_NOISE += ("*.dist-info/INSTALLER", "*.dist-info/REQUESTED", "*.dist-info/direct_url.json")


@dataclass(frozen=True, slots=True)
class Platform:
    """Where the layer will run; empty `wheels` means: this machine."""

    python_version: str
    wheels: str

    @classmethod
    def of_lambda(cls, *, runtime: str, architecture: str) -> Platform:
        """AWS Lambda with a runtime like `python3.13` on `x86_64` or `arm64`."""
        machine = "aarch64" if architecture == "arm64" else architecture
        return cls(runtime.removeprefix("python"), f"{machine}-manylinux2014")

    @classmethod
    def of_this_machine(cls) -> Platform:
        """The sandbox, which runs functions on the interpreter that runs this."""
        return cls(f"{sys.version_info.major}.{sys.version_info.minor}", "")

    @property
    def installer_options(self) -> list[str]:
        """Options with which uv chooses wheels for this platform."""
        chosen = ["--python-platform", self.wheels] if self.wheels else []
        return [*chosen, "--python-version", self.python_version]


def dependencies_layer(target: Platform, *, build: Path = BUILD) -> Path:
    """The folder with the layer's files; built once for a lock file and platform.

    Raises CalledProcessError when a wheel is missing or a hash differs.
    """
    layer = build / f"{target.wheels or platform.machine()}-{_fingerprint(target)}"
    if not layer.exists():
        build.mkdir(parents=True, exist_ok=True)
        # Built elsewhere and renamed, so that an interrupted build is never used.
        with tempfile.TemporaryDirectory(dir=build) as workshop:
            _install(target, into=Path(workshop) / "layer" / "python")
            try:
                (Path(workshop) / "layer").rename(layer)
            except OSError:
                if not layer.is_dir():  # else another build has finished the same layer
                    raise
    return layer


def _fingerprint(target: Platform) -> str:
    recipe = Path(__file__).read_bytes() + repr(target).encode()
    return hashlib.sha256(LOCK.read_bytes() + recipe).hexdigest()[:16]


def _install(target: Platform, *, into: Path) -> None:
    uv = Path(sys.executable).with_name("uv")
    subprocess.run(  # noqa: S603 - no shell, and no argument comes from outside
        [
            *(uv, "pip", "install", "--quiet", "--python", sys.executable, "--system-certs"),
            *("--require-hashes", "--no-deps", "--only-binary", ":all:"),
            *target.installer_options,
            *("--target", into, "--requirement", LOCK),
        ],
        check=True,
    )
    for pattern in _NOISE:
        for path in sorted(into.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
