"""Fullmakt (a mandate to act for another): the world of Altinn system users in one program."""
