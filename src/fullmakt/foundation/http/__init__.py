"""Reading bodies, guarding routes and writing problems, the same for every endpoint."""
