"""System users and the clients linked to them."""
