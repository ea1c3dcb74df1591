"""A person's copy of Huntress's Billing Detail Report: read, understood, matched and shown."""
