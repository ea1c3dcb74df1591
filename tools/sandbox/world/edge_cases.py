"""The awkward companies: one case each, and `why` says which."""

from tools.sandbox.world.seed_types import Addition, Agreement, Company, Organization

AWKWARD = (
    Company(
        250,
        "Harbour Dental Group",
        "three organizations bill as one; its training is in the seat price, so not billed",
        (
            Organization(11, "Harbour Dental North", {"edr": 25, "itdr": 30, "siem": 2}),
            Organization(12, "Harbour Dental South", {"edr": 20, "itdr": 22, "siem": 1}),
            Organization(13, "Harbour Dental HQ", {"edr": 18, "itdr": 20, "sat": 18, "siem": 1}),
        ),
        (Agreement((Addition("edr", 61.0), Addition("itdr", 70.0), Addition("siem", 4.0))),),
        not_billed={"sat": "included in the seat price"},
    ),
    Company(
        251,
        "Kestrel Logistics",
        "two organizations, one of them made by a wrong key in an installer",
        (
            Organization(14, "Kestrel Logistics", {"edr": 56, "itdr": 64, "sat": 60}),
            Organization(15, "kestrel-logistics-2", {"edr": 2}),
        ),
        (Agreement((Addition("edr", 55.0), Addition("itdr", 63.0), Addition("sat", 60.0))),),
    ),
    Company(
        252,
        "Marlin Print",
        "uses SAT and has no addition for it",
        (Organization(16, "Marlin Print", {"edr": 18, "itdr": 20, "sat": 15}),),
        (Agreement((Addition("edr", 17.0), Addition("itdr", 20.0))),),
    ),
    Company(
        253,
        "Oakridge Schools",
        "EDR is on two agreements: ambiguous",
        (Organization(17, "Oakridge Schools", {"edr": 74, "itdr": 90}),),
        (
            Agreement((Addition("edr", 40.0), Addition("itdr", 89.0)), name="Junior school"),
            Agreement((Addition("edr", 33.0),), name="Senior school"),
        ),
    ),
    Company(
        254,
        "Pemberton Law",
        "a cancelled EDR addition beside the live one",
        (Organization(18, "Pemberton Law", {"edr": 34, "itdr": 36, "sat": 36, "siem": 3}),),
        (
            Agreement(
                (
                    Addition("edr", 30.0, cancelled=-40),
                    Addition("edr", 33.0, effective=-40),
                    Addition("itdr", 36.0),
                    Addition("sat", 35.0),
                    Addition("siem", 3.0),
                )
            ),
        ),
    ),
    Company(
        255,
        "Quarry Stone Works",
        "its only agreement starts in 20 days",
        (Organization(19, "Quarry Stone Works", {"edr": 12}),),
        (Agreement((Addition("edr", 12.0, effective=20),), status="Inactive", starts=20),),
    ),
    Company(
        256,
        "Redwood Veterinary",
        "its only agreement expired 30 days ago",
        (Organization(20, "Redwood Veterinary", {"edr": 14}),),
        (Agreement((Addition("edr", 13.0),), status="Expired", ends=-30),),
    ),
    Company(
        257,
        "Saltmarsh Hotels",
        "its only agreement was cancelled 45 days ago",
        (Organization(21, "Saltmarsh Hotels", {"edr": 31}),),
        (Agreement((Addition("edr", 30.0),), status="Cancelled", cancelled=-45),),
    ),
    Company(
        258,
        "Thornbury Council",
        "the additions are on a child agreement",
        (Organization(22, "Thornbury Council", {"edr": 86, "itdr": 121, "sat": 118}),),
        (
            Agreement((Addition("helpdesk", 80.0),), name="Managed Services"),
            Agreement(
                (Addition("edr", 85.0), Addition("itdr", 120.0), Addition("sat", 118.0)),
                child=True,
            ),
        ),
    ),
    Company(
        259,
        "Umber Studios",
        "no more agents but still an EDR addition; no learners and no SAT addition",
        (Organization(23, "Umber Studios", {"edr": 0, "itdr": 10, "sat": 0}),),
        (Agreement((Addition("edr", 8.0), Addition("itdr", 10.0))),),
    ),
    Company(
        260,
        "Vale Motors",
        "SAT is missing from the usages although the list counts 26 learners: unknown",
        (Organization(24, "Vale Motors", {"edr": 41, "itdr": 44}, {"sat": 26}),),
        (Agreement((Addition("edr", 40.0), Addition("itdr", 43.0), Addition("sat", 25.0))),),
    ),
    Company(
        261,
        "Wickham Charity",
        "EDR at no charge and SAT not billed: written all the same, worth nothing",
        (Organization(25, "Wickham Charity", {"edr": 16, "itdr": 14, "sat": 13}),),
        (
            Agreement(
                (
                    Addition("edr", 15.0, bill="NoCharge"),
                    Addition("itdr", 14.0),
                    Addition("sat", 12.0, bill="DoNotBill"),
                )
            ),
        ),
    ),
    Company(
        262,
        "Xenon Labs",
        "EDR jumps from 20 to 200",
        (Organization(26, "Xenon Labs", {"edr": 200, "itdr": 22, "sat": 21, "siem": 2}),),
        (
            Agreement(
                (
                    Addition("edr", 20.0),
                    Addition("itdr", 21.0),
                    Addition("sat", 21.0),
                    Addition("siem", 2.0),
                )
            ),
        ),
    ),
    Company(
        263,
        "Yarrow Clinics",
        "SAT falls from 60 to 25",
        (Organization(27, "Yarrow Clinics", {"edr": 33, "itdr": 62, "sat": 25}),),
        (Agreement((Addition("edr", 33.0), Addition("itdr", 61.0), Addition("sat", 60.0))),),
    ),
    Company(
        264,
        "Zephyr Travel",
        "its SIEM addition takes effect in 15 days",
        (Organization(28, "Zephyr Travel", {"edr": 20, "itdr": 24, "siem": 2}),),
        (
            Agreement(
                (Addition("edr", 19.0), Addition("itdr", 24.0), Addition("siem", 2.0, effective=15))
            ),
        ),
    ),
    Company(
        265,
        "Ashdown Farms",
        "its EDR addition ended 10 days ago and has no successor",
        (Organization(29, "Ashdown Farms", {"edr": 10, "itdr": 9}),),
        (Agreement((Addition("edr", 9.0, cancelled=-10), Addition("itdr", 9.0))),),
    ),
    Company(
        266,
        "Birchwood Builders",
        "five agents are included in the base price; ITDR ends in 60 days and is live until then",
        (Organization(30, "Birchwood Builders", {"edr": 32, "itdr": 26}),),
        (
            Agreement(
                (Addition("edr", 30.0, less_included=5.0), Addition("itdr", 25.0, cancelled=60))
            ),
        ),
    ),
    Company(
        267,
        "Cobalt Insurance",
        "somebody set SAT to 42 after a run had written 44",
        (Organization(31, "Cobalt Insurance", {"edr": 47, "itdr": 49, "sat": 45}),),
        (
            Agreement(
                (
                    Addition("edr", 46.0, wrote=46),
                    Addition("itdr", 49.0, wrote=49),
                    Addition("sat", 42.0, wrote=44),
                )
            ),
        ),
    ),
    Company(
        268,
        "Dunmore Recruitment",
        "is billed once a year",
        (Organization(32, "Dunmore Recruitment", {"edr": 23}),),
        (Agreement((Addition("edr", 22.0),), billing_cycle="Annual"),),
    ),
    Company(
        269,
        "Elmstead Nurseries",
        "left Huntress; its addition, which a run once wrote, is still there: orphaned",
        (),
        (Agreement((Addition("edr", 15.0, wrote=15),)),),
    ),
    Company(
        270,
        "Foxglove Media",
        "uses ISPM, which the settings do not name",
        (Organization(33, "Foxglove Media", {"edr": 36, "itdr": 35, "ispm": 35}),),
        (Agreement((Addition("edr", 36.0), Addition("itdr", 34.0))),),
    ),
    Company(
        271,
        "Garnet Engineering",
        "uses ISPM and even has an addition for it, which nobody may touch",
        (Organization(34, "Garnet Engineering", {"edr": 52, "itdr": 51, "ispm": 51}),),
        (Agreement((Addition("edr", 51.0), Addition("itdr", 50.0), Addition("ispm", 48.0))),),
    ),
    Company(
        275,
        "Fernhill Surveyors",
        "left Huntress, and its addition, always set by hand, bills on: billed without usage",
        (),
        (Agreement((Addition("edr", 11.0),)),),
    ),
)

# Organizations that are not mapped to a company yet.
UNMAPPED = (
    Organization(90, "New Horizons Bakery", {"edr": 7, "itdr": 9}),
    Organization(91, "DESKTOP-4F2K", {"edr": 1}),
)

# Organizations that somebody excluded, with the reason given.
EXCLUDED = (
    (Organization(9, "Lantern (internal)", {"edr": 22, "itdr": 25, "sat": 25}), "our own seats"),
    (Organization(10, "Lantern demo lab", {"edr": 4}), "demonstration machines"),
)
