"""The `fullmakt` command."""
