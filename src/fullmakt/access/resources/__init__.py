"""The resource registry: services, their policies and their access lists."""
