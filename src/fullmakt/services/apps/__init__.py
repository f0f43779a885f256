"""Altinn app instances: create, fill with data, process, receipt."""
