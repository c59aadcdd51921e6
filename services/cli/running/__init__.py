"""What `tocsin run` is made of: the services as children, how far the stream has come, and what was told."""
