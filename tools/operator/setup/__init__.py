"""From nothing to a first trusted sync: the steps of `billing-sync setup`."""
