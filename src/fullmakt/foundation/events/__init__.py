"""What changed, in gap-free revisions, with the stamps each change touched."""
