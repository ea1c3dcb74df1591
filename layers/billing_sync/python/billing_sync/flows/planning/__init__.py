"""Planning runs: start, read ConnectWise, make and commit the plan; release, undo, forecast."""
