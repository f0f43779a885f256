"""What every floor stands on: terms, signatures, storage, events, bearer tokens, plain HTTP."""
