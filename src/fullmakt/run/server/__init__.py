"""The ASGI application, assembled from the rooms."""
