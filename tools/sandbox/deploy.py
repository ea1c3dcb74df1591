"""`cdk bootstrap` and `cdk deploy` of the real stack into the local AWS."""

import json
import os
import subprocess
from pathlib import Path

from tools.sandbox.aws import ACCOUNT, PYTHON, Aws, require_loopback
from tools.sandbox.errors import SandboxError
from tools.sandbox.programs import ROOT, run

WATCH_MINUTES = 1


def deploy(aws: Aws, *, folder: Path) -> tuple[str, dict[str, str]]:
    """The stack's name and its outputs; logs and the synthesized app are in `folder`."""
    cdk = ROOT / "node_modules" / ".bin" / "cdk"
    if not cdk.exists():
        raise SandboxError("The AWS CDK is not installed here. Run `make setup`.")
    environment = _environment(aws)
    require_loopback(environment)
    run(
        "cdk bootstrap",
        # Without an app there is nothing to synthesize, which would take seconds.
        [cdk, "bootstrap", f"aws://{ACCOUNT}/{aws.region}", "--app", ""],
        environment=environment,
        log=folder / "bootstrap.log",
        seconds=180,
    )
    outputs = folder / "outputs.json"
    run(
        "cdk deploy",
        [
            *(cdk, "deploy", "--require-approval", "never", "--outputs-file", outputs),
            *("--output", folder / "cdk.out"),
            *("-c", "sandbox=true", "-c", f"runtime=python{_python_of_functions()}"),
            *("-c", f"watch_minutes={WATCH_MINUTES}"),
        ],
        environment=environment,
        log=folder / "deploy.log",
        seconds=600,
    )
    ((stack, values),) = json.loads(outputs.read_text()).items()
    return stack, values


def _environment(aws: Aws) -> dict[str, str]:
    """The user's, because building a layer may need a proxy or an index; AWS settings are ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    programs = [ROOT / ".venv" / "bin", ROOT / "node_modules" / ".bin", os.environ["PATH"]]
    return {
        **kept,
        **aws.environment,
        "CI": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "PATH": os.pathsep.join(map(str, programs)),
        "PYTHONPATH": str(ROOT),
    }


def _python_of_functions() -> str:
    """As in a Lambda runtime's name; the emulator runs functions on its own interpreter."""
    version = "import sys; print(*sys.version_info[:2], sep='.')"
    return subprocess.check_output([PYTHON, "-c", version], text=True).strip()
