"""A vendor asks for a system user; the customer approves or rejects."""
