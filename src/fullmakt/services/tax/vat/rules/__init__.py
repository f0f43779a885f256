"""The rules a VAT return is held to, one file a subject, and the table they are listed in."""
