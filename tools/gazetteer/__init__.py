"""Steps of the gazetteer's build: read the packages, add our own places, write the tables."""
