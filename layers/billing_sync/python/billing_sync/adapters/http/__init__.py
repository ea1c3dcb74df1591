"""HTTP with one vendor: transport, rate limit, allowed hosts, errors."""
