"""What makes a Dask cluster an engine: its workers as they come and go, and what runs in each."""
