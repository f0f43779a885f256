"""The stories of the documents, told over HTTP by actors who each hold their own token."""
