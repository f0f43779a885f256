"""Keys, signatures and their verification, with a fixed list of algorithms."""
