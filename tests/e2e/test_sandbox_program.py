"""`make sandbox` and `make sandbox-stop`: a second start, a caller's own servers, an early end."""

import json
import shutil
from dataclasses import fields

from tests.e2e.sandbox_program import descendants, starting, still_there, told
from tools.sandbox.addresses import VendorAddresses
from tools.sandbox.running import DESCRIPTION
from tools.sandbox.seed import KEYS, store_callers_keys


def secret(stack, output):
    found = stack.client("secretsmanager").get_secret_value(SecretId=stack.outputs[output])
    return found["SecretString"]


def test_a_second_sandbox_in_the_folder_is_refused(sandbox, sandbox_folder):
    words, status = told(sandbox_folder)

    assert status == 1
    assert f"A sandbox runs already (process {sandbox.pid})" in words


def test_a_callers_servers_get_their_keys_and_nothing_else_is_set_up(
    sandbox, stack, sandbox_folder, tmp_path
):
    shutil.copy(sandbox_folder / DESCRIPTION, tmp_path)
    before = {output: secret(stack, output) for output in ("HuntressSecret", "ConnectWiseSecret")}
    config = stack.config.scan()["Items"]
    try:
        store_callers_keys(sandbox.vendors, tmp_path)

        checks = {each["check"]: each for each in stack.invoke("PermissionCheck", {})["checks"]}
        assert checks["Huntress credentials"]["status"] == "pass"
        assert checks["ConnectWise credentials"]["status"] == "pass"
        assert json.loads(secret(stack, "HuntressSecret")) == sandbox.vendors.huntress_secret()
        assert not (tmp_path / KEYS).exists()
        assert stack.config.scan()["Items"] == config
    finally:
        for output, value in before.items():
            stack.client("secretsmanager").put_secret_value(
                SecretId=stack.outputs[output], SecretString=value
            )


def test_a_sandbox_that_is_stopped_while_it_starts_leaves_nothing(tmp_path, sandbox):
    servers = {
        field.name.upper(): getattr(sandbox.vendors, field.name)
        for field in fields(VendorAddresses)
    }
    deployment = tmp_path / "sandbox" / "deploy.log"
    with starting(tmp_path, until=deployment, **servers) as program:
        pid = program.process.pid
        programs = descendants(pid)
        assert programs
        assert not (tmp_path / "sandbox" / "vendors.log").exists()  # it uses the caller's
        assert told(tmp_path, "stop") == ("The sandbox has ended.\n", 0)
        assert still_there([pid, *programs]) == []
    assert told(tmp_path, "stop") == ("No sandbox runs.\n", 0)
