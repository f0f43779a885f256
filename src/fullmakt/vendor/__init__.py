"""The SDK for vendors of end-user systems: the same against Fullmakt, TT02 and production."""
