"""Prints the figures of `docs/mapping.md`: `python -m tests.unit.company_names`."""

import sys
from time import perf_counter

from tests.unit.company_names.figures import FILES, figures_of, misses_of, one_by_one, together
from tests.unit.company_names.many import many
from tools.operator.suggestions.suggesting import suggest
