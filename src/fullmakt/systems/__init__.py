"""The life of a system user, from a vendor's system to the approved request."""
