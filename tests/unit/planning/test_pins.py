"""Pinned places of one company are rows of their own, each with a name of its own."""

from dataclasses import replace

from billing_sync.domain.config.destinations import NO_PIN, Pin
from billing_sync.domain.config.mappings import Mappings, OrganizationMapping
from billing_sync.domain.planning.make_plan import make_plan
from tests.unit.builders import a_usage, some_inputs


def test_rows_without_an_addition_are_told_apart_by_their_place():
    pins = (NO_PIN, Pin(998), Pin(999), Pin(agreement_type="Shop"))
    mapped = {101 + i: OrganizationMapping(101 + i, 1, pin=pin) for i, pin in enumerate(pins)}
    usage = tuple(a_usage(number) for number in mapped)
    inputs = replace(some_inputs(usage=usage, mappings=Mappings(mapped)), additions=())

    assert {row.key for row in make_plan(inputs).rows} == {
        "edr",
        "edr@agreement 998",
        "edr@agreement 999",
        "edr@type Shop",
    }
