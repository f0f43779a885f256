"""The keys and clients that make a signature worth believing."""
