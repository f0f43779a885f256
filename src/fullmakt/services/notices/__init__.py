"""What happens to system users, told to those it concerns: their vendors, and service owners."""
