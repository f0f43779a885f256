"""A Maskinporten token is exchanged for an Altinn token."""
