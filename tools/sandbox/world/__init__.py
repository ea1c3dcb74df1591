"""The seeded Managed Service Provider: about 40 companies with every awkward case."""
