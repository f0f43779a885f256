"""World files as people write them: JSON, YAML, CSV, folders of them; with line numbers."""
