"""The provider's price list: what each product is in ConnectWise's catalog."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A catalog item: id, identifier, description, class, price and cost per unit."""

    id: int
    identifier: str
    description: str
    price: float
    cost: float
    product_class: str = "Agreement"
    inactive: bool = False


# The four that the settings name, then Huntress's fifth product, then what else is sold.
ITEMS = {
    "edr": Item(101, "HUNTRESS-EDR", "Huntress Managed EDR, per agent", 3.50, 2.10),
    "itdr": Item(102, "HUNTRESS-ITDR", "Huntress Managed ITDR, per identity", 2.50, 1.40),
    "sat": Item(103, "HUNTRESS-SAT", "Huntress Managed SAT, per learner", 1.75, 0.90),
    "siem": Item(104, "HUNTRESS-SIEM", "Huntress Managed SIEM, per source", 6.00, 4.00),
    "ispm": Item(105, "HUNTRESS-ISPM", "Huntress Managed ISPM, per identity", 1.25, 0.70),
    "edr_nonprofit": Item(106, "HUNTRESS-EDR-NP", "Huntress Managed EDR, charities", 2.60, 2.10),
    "helpdesk": Item(201, "HELPDESK-SEAT", "Service desk, per seat", 45.00, 0.00, "Service"),
    "backup": Item(202, "BACKUP-ENDPOINT", "Endpoint backup", 8.00, 5.00),
    "bundle": Item(203, "SECURITY-BUNDLE", "Security bundle", 60.00, 30.00, "Bundle"),
    "old_edr": Item(204, "HUNTRESS-LEGACY", "Huntress, old price", 3.00, 2.10, inactive=True),
}

SYNCED_PRODUCTS = ("edr", "itdr", "sat", "siem")
