"""World files: what stands in a world, as one JSON document that can be loaded and exported."""
