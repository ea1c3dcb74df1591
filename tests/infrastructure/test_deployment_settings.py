"""An invalid deployment setting is refused with its name, its value and the fix."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from infra.deployment_settings import DeploymentSettings, InvalidSettingError
from tests.infrastructure.deployed import ROOT, app_with, context_of_the_repository


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("stack_name", "", "letters, digits and dashes"),
        ("stack_name", "2brands", "letters, digits and dashes"),
        ("stack_name", "B" * 41, "1 to 40"),
        ("notification_email", "billing at example.com", "one e-mail address"),
        ("watch_minutes", 0, "from 1 to 60"),
        ("watch_minutes", "61", "from 1 to 60"),
        ("watch_minutes", "often", "from 1 to 60"),
        ("watch_minutes", 2.5, "from 1 to 60"),
        ("runtime", "python3.9", "python3.11, python3.12, python3.13"),
        ("architecture", "x86", "x86_64, arm64"),
        ("log_retention_days", 100, "30, 90, 180, 365"),
        ("report_retention_days", 7, "from 30"),
        ("customer_managed_key", "yes", "true or false"),
        ("sandbox", "", "true or false"),
    ],
)
def test_an_invalid_setting_is_refused(name: str, value: object, expected: str):
    with pytest.raises(InvalidSettingError) as refused:
        DeploymentSettings.from_context(app_with(**{name: value}).node)
    message = str(refused.value)
    assert message.startswith(f"Context value {name} is ")
    assert expected in message
    assert f"-c {name}=" in message


def test_a_missing_setting_is_named():
    app = app_with(runtime=None)
    with pytest.raises(InvalidSettingError, match="runtime is None, but must be given"):
        DeploymentSettings.from_context(app.node)


def test_settings_from_the_command_line_are_text_with_the_same_meaning():
    given = context_of_the_repository()
    as_text = {
        name: json.dumps(value).strip('"')
        for name, value in given.items()
        if not name.startswith("@")
    }
    typed, text = app_with(), app_with(**as_text)
    assert DeploymentSettings.from_context(text.node) == DeploymentSettings.from_context(typed.node)


def test_the_defaults_write_nothing_and_need_no_input():
    settings = DeploymentSettings.from_context(app_with().node)
    assert (settings.stack_name, settings.notification_email) == ("BillingSync", "")
    assert (settings.sandbox, settings.customer_managed_key) == (False, False)


def test_the_app_ends_with_one_line_and_no_stack_trace():
    context = {**context_of_the_repository(), "watch_minutes": "0"}
    ended = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=ROOT,
        env={**os.environ, "CDK_CONTEXT_JSON": json.dumps(context)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    # Lines before it are the CDK's, which dislikes some versions of node.
    last_line = ended.stderr.splitlines()[-1]
    assert last_line.startswith("Nothing was deployed. Context value watch_minutes is '0'")
    assert "Traceback" not in ended.stderr
