"""What a station takes without losing anything."""
