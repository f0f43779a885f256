"""What one party has given another: packages, single rights and client links, each on its basis."""
