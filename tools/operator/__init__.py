"""`billing-sync`, the operator's command line: it asks the deployed functions and shows answers."""
