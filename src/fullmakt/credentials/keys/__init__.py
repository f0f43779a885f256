"""Our own signing keys and the JWKS that publishes them."""
