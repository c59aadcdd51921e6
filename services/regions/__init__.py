"""Named regions of the world, and which of them hold a place. Pure."""
