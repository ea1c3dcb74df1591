"""Companies with more than one place to bill, or a place of their own."""

from tools.sandbox.world.catalog import ITEMS
from tools.sandbox.world.seed_types import Addition, Agreement, Company, Organization

SEVERAL_PLACES = (
    Company(
        272,
        "Vesper Hospitality",
        "two agreements, and each of its organizations is pinned to one",
        (
            Organization(35, "Vesper North", {"edr": 21}, pinned_to=2720),
            Organization(36, "Vesper South", {"edr": 33}, pinned_to=2721),
        ),
        (
            Agreement((Addition("edr", 20.0, wrote=20),), name="North"),
            Agreement((Addition("edr", 32.0),), name="South"),
        ),
    ),
    Company(
        273,
        "Trefoil Logistics",
        "thirty agents are on a flat agreement, whatever is left is on another",
        (
            Organization(37, "Trefoil Depot", {"edr": 25}),
            Organization(38, "Trefoil Office", {"edr": 17}),
        ),
        (
            Agreement((Addition("edr", 29.0),), name="Flat"),
            Agreement((Addition("edr", 11.0),), name="Rest"),
        ),
        split={"edr": {"fixed": [{"agreement_id": 2730, "units": 30}], "remainder": 2731}},
    ),
    Company(
        274,
        "Ullswater Trust",
        "a charity, billed EDR through a catalog item of its own",
        (Organization(39, "Ullswater Trust", {"edr": 16}),),
        (Agreement((Addition("edr_nonprofit", 15.0),)),),
        catalog_items={"edr": ITEMS["edr_nonprofit"].id},
    ),
)
