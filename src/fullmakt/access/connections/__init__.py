"""Connections: who has given whom what, giving and taking back; and what agents have of clients."""
