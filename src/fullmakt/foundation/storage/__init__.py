"""Databases behind `Work`: two engines, one schema, authority changes one at a time."""
