"""Everything that talks to something outside, each module to exactly one thing."""
