"""ConnectWise PSA's REST API."""
