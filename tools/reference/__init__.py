"""docs/settings.md, made from the model that the functions read settings and mappings with."""
