"""The AWS in memory answers as moto does, or as AWS documents where moto is lenient."""

from functools import cache

import pytest

from tests.aws.contract import Answers, Script, in_memory, on_moto
from tests.aws.scripts import AGREED, DIFFERENCES

pytestmark = pytest.mark.xdist_group("aws contract")
by_name = {"ids": lambda script: script.__name__}


@cache
def reference(script: Script) -> Answers:
    return on_moto(script)


@pytest.mark.parametrize("script", AGREED, **by_name)
def test_both_answer_alike(script: Script) -> None:
    assert in_memory(script) == reference(script)


@pytest.mark.parametrize("script", DIFFERENCES, **by_name)
def test_a_difference_is_documented_by_aws_and_still_there(script: Script) -> None:
    assert in_memory(script) != reference(script), "moto agrees by now: move it to AGREED"
    assert DIFFERENCES[script].source.startswith("https://docs.aws.amazon.com/")
