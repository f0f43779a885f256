"""The decision point: standings, stamps, the barrier, and one walk that decides and explains."""
