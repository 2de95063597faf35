"""From the protocol's requests to the features and back."""
