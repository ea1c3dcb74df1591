"""Which parts each function is put together from; the only floor that knows flows and adapters."""
