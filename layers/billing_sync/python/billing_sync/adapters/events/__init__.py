"""Events and requests as they come in, checked."""
