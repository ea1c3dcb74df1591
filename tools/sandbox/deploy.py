"""`cdk deploy` of the real stack into the local AWS, which is bootstrapped first."""

import json
import os
import subprocess
from pathlib import Path

from tools.sandbox.aws import PYTHON, Aws, client, require_loopback
from tools.sandbox.errors import SandboxError
from tools.sandbox.programs import ROOT, run
from tools.sandbox.waiting import wait_for

WATCH_MINUTES = 1
BOOTSTRAP = ROOT / "node_modules/aws-cdk/lib/api/bootstrap/bootstrap-template.yaml"


def deploy(aws: Aws, *, folder: Path) -> tuple[str, dict[str, str]]:
    """The stack's name and its outputs; the log and the synthesized app are in `folder`."""
    cdk = ROOT / "node_modules" / ".bin" / "cdk"
    if not cdk.exists():
        raise SandboxError("The AWS CDK is not installed here. Run `make setup`.")
    environment = _environment(aws)
    require_loopback(environment)
    _bootstrap(aws)
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


def _bootstrap(aws: Aws) -> None:
    """The stack that `cdk bootstrap` makes, from the CDK's own template: seconds quicker."""
    cloudformation = client(aws, "cloudformation")
    cloudformation.create_stack(
        StackName="CDKToolkit",
        TemplateBody=BOOTSTRAP.read_text(),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )

    def made() -> bool:
        (stack,) = cloudformation.describe_stacks(StackName="CDKToolkit")["Stacks"]
        status: str = stack["StackStatus"]
        if status not in {"CREATE_IN_PROGRESS", "CREATE_COMPLETE"}:
            raise SandboxError(f"The CDK's bootstrap stack ended as {status}.")
        return status == "CREATE_COMPLETE"

    wait_for("the CDK's bootstrap stack", made, seconds=60)


def _environment(aws: Aws) -> dict[str, str]:
    """The user's, because building a layer may need a proxy or an index; AWS settings are ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    programs = [ROOT / ".venv" / "bin", ROOT / "node_modules" / ".bin", os.environ["PATH"]]
    return {
        **kept,
        **aws.environment,
        "CI": "true",
        # The CDK would check the template by its own rules for seconds: cfn-lint does, in a test.
        "CDK_VALIDATION": "false",
        "NODE_COMPILE_CACHE": str(ROOT / "build" / "node"),
        "NO_PROXY": "127.0.0.1,localhost",
        "PATH": os.pathsep.join(map(str, programs)),
        "PYTHONPATH": str(ROOT),
    }


def _python_of_functions() -> str:
    """As in a Lambda runtime's name; the emulator runs functions on its own interpreter."""
    version = "import sys; print(*sys.version_info[:2], sep='.')"
    return subprocess.check_output([PYTHON, "-c", version], text=True).strip()
