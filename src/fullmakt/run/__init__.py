"""Programs: settings, assembly, command line; alone in reading the environment and the clock."""
