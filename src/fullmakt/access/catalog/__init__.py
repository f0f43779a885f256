"""Access packages, areas and roles and the map between them: loaded once, immutable, versioned."""
