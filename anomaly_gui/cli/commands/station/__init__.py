"""Commands of the station: running a line, its records, its people, cameras, challenge, drift and studies."""
