"""Twenty ordinary companies: one organization, one agreement, small changes or none."""

from tools.sandbox.world.seed_types import Addition, Agreement, Company, Organization

# id, name, then by product: the quantity billed so far → the units Huntress counts now.
_TABLE = """
301 | Alder & Finch Accountants | edr 24 → 25 | itdr 31 → 31 | sat 28 → 28 | siem 3 → 3
302 | Bramble Primary Care      | edr 41 → 41 | itdr 52 → 53 | sat 50 → 50 | siem 4 → 4
303 | Copperfield Foods         | edr 63 → 65 | itdr 48 → 48 | sat 45 → 44 | siem 6 → 6
304 | Drumlin Architects        | edr 18 → 18 | itdr 18 → 18 | sat 18 → 18 | siem 2 → 2
305 | Eastgate Pharmacy         | edr 29 → 28 | itdr 33 → 35 | sat 30 → 31 | siem 3 → 3
306 | Fernhill Academy          | edr 88 → 90 | itdr 95 → 95 | sat 92 → 94 | siem 8 → 8
307 | Gilded Oak Interiors      | edr 12 → 12 | itdr 14 → 14 | sat 14 → 14 | siem 1 → 1
308 | Hollowell Engineering     | edr 57 → 59 | itdr 60 → 61 | sat 55 → 55 | siem 5 → 6
309 | Ironbridge Freight        | edr 46 → 46 | itdr 40 → 41 | sat 38 → 38 | siem 4 → 4
310 | Juniper Wealth            | edr 22 → 23 | itdr 26 → 26 | sat 26 → 27 | siem 3 → 3
311 | Kingsmead Solicitors      | edr 35 → 35 | itdr 38 → 38 | sat 38 → 38 | siem 4 → 4
312 | Larkspur Housing Trust    | edr 71 → 73 | itdr 79 → 81 | sat 77 → 78 | siem 6 → 7
313 | Millrace Brewing          | edr 16 → 17 | itdr 12 → 12 | sat 11 → 11
314 | Northfield Dairy          | edr 21 → 21 | itdr 19 → 20 | sat 19 → 19
315 | Otterburn Outdoor         | edr 27 → 26 | itdr 30 → 30 | sat 29 → 29 | siem 2 → 2
316 | Priory Lane Surgery       | edr 32 → 33 | itdr 37 → 37 | sat 36 → 38 | siem 3 → 3
317 | Quillfeather Press        | edr 14 → 14 | itdr 17 → 18 | siem 1 → 1
318 | Rosewater Care Homes      | edr 66 → 68 | itdr 102 → 104 | sat 99 → 99 | siem 7 → 7
319 | Silverdale Plumbing       | edr 19 → 19 | itdr 23 → 23 | sat 21 → 22
320 | Tamarind Catering         | edr 25 → 27 | itdr 28 → 28 | sat 28 → 27 | siem 2 → 2
"""


def ordinary_companies() -> tuple[Company, ...]:
    """The table as companies; an earlier run wrote the present quantities."""
    return tuple(_company(line) for line in _TABLE.strip().splitlines())


def _company(line: str) -> Company:
    company_id, name, *cells = (cell.strip() for cell in line.split("|"))
    counts = {}
    additions = [Addition("helpdesk", 10.0)]
    for cell in cells:
        product, before, _, now = cell.split()
        counts[product] = int(now)
        additions.append(Addition(product, float(before), wrote=int(before)))
    organization = Organization(
        int(company_id) - 200,
        name,
        counts,
        quiet_agents=int(company_id) % 4,
        outdated_agents=int(company_id[-1] == "6"),
    )
    return Company(
        int(company_id), name, "ordinary", (organization,), (Agreement(tuple(additions)),)
    )
