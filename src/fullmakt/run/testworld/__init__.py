"""The test world: its contents, its clock, its control API and its test tokens."""
