"""Programs that stay home: the operator's command line and the sandbox. In no Lambda."""
