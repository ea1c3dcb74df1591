"""However a sandbox ends, nothing of it is left running."""

import io
import os
import signal
import subprocess
import sys
import zipfile

from tests.e2e.sandbox_program import ENVIRONMENT, descendants, still_there, told
from tools.sandbox.running import DESCRIPTION
from tools.sandbox.waiting import wait_for

# What a sandbox runs, without a deployment: AWS, the vendors, and a function that was called once.
PARENT = """
import json
import signal
import sys
from pathlib import Path
from tools.sandbox.aws import client, local_aws
from tools.sandbox.vendor_servers import running_stand_ins

folder = Path(sys.argv[1])
with local_aws(folder) as aws, running_stand_ins(folder):
    role = client(aws, "iam").create_role(
        RoleName="awake", AssumeRolePolicyDocument=json.dumps({"Statement": [{
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }]}),
    )["Role"]["Arn"]
    functions = client(aws, "lambda")
    functions.create_function(
        FunctionName="awake",
        Role=role,
        Runtime="python3.13",
        Handler="handler.handler",
        Code={"ZipFile": sys.stdin.buffer.read()},
    )
    assert functions.invoke(FunctionName="awake")["Payload"].read() == b"1"
    (folder / "ready").touch()
    signal.pause()
"""


def code():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("handler.py", "def handler(event, context): return 1")
    return packed.getvalue()


def test_when_its_parent_is_killed_aws_its_functions_and_the_vendors_end(tmp_path):
    ready = tmp_path / "ready"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path], env=ENVIRONMENT, stdin=subprocess.PIPE
    ) as parent:
        parent.stdin.write(code())
        parent.stdin.close()
        wait_for("a function to be awake", lambda: ready.exists() or parent.poll(), seconds=60)
        programs = descendants(parent.pid)
        emulator_and_vendors_and_their_watchers, function = 4, 1
        assert len(programs) == emulator_and_vendors_and_their_watchers + function
        os.kill(parent.pid, signal.SIGKILL)
    wait_for("its programs to end", lambda: not still_there(programs), seconds=10)


def test_a_sandbox_that_is_stopped_leaves_no_trace(sandbox, sandbox_folder):
    programs = descendants(sandbox.pid)
    assert len(programs) > 4

    assert told(sandbox_folder, "stop") == ("The sandbox has ended.\n", 0)

    assert still_there([sandbox.pid, *programs]) == []
    assert not (sandbox_folder / DESCRIPTION).exists()
