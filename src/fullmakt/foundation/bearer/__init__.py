"""A compact token becomes a verified caller; tokens are never made here."""
