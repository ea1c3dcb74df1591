"""The rules that make a plan: allocate usage, find additions, make rows, guard them."""
