"""`python -m tools.sandbox.vendors` serves both stand-ins to other processes."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from threading import Timer

import pytest
import requests

from tools.sandbox.world.build import build_world

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def addresses(tmp_path):
    state = tmp_path / "vendors.json"
    command = [sys.executable, "-m", "tools.sandbox.vendors", "--state", str(state)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE) as program:
        give_up = Timer(20, program.kill)
        give_up.start()
        program.stdout.readline()
        yield json.loads(state.read_text())
        program.terminate()
        assert program.wait(10) == 0
        give_up.cancel()


def test_the_world_is_served_and_its_new_invoice_appears_on_request(addresses):
    huntress, connectwise = addresses["huntress"], addresses["connectwise"]
    appeared = requests.post(f"{huntress['base_url']}/_sandbox/new-invoice", timeout=5).json()
    invoices = requests.get(
        f"{huntress['base_url']}/v1/invoices",
        auth=(huntress["api_key"], huntress["api_secret"]),
        timeout=5,
    ).json()["invoices"]
    company = requests.get(
        f"{connectwise['site']}/login/companyinfo/{connectwise['login_company']}", timeout=5
    ).json()
    world = build_world(datetime.fromisoformat(addresses["now"]))
    assert [row["id"] for row in invoices] == [5003, 5002, 5001]
    assert appeared["quantity"] == world.new_invoice()["quantity"]
    assert company["Codebase"] == "v2025_1/"
