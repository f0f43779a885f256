"""The portal: where people of a customer see, approve and administer."""
