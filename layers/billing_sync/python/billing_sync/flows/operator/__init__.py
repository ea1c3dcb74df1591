"""The operator's requests, and the choices that setup offers."""
