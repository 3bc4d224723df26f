"""What lets a camera take a picture: one module for each kind."""
