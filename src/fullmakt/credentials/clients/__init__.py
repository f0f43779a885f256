"""Maskinporten clients, their keys, their scopes, and who may use which."""
