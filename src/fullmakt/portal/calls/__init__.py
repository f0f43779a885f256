"""The calls behind the portal's pages, each forwarded to the platform's own."""
