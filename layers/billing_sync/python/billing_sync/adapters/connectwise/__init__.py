"""ConnectWise PSA's REST API; `api` locates it by `login_company` and rejects unusable replies."""
