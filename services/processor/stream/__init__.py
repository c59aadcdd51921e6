"""The shell around the pure stages: Faust reads, our own producer writes, nothing is acknowledged before it is safe."""
