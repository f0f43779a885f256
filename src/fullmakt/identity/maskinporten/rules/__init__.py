"""The rules of a grant, in the order they are asked; no clock, no storage."""
