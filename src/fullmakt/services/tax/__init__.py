"""The Tax Administration's services, reached through their app instances."""
