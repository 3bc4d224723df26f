"""The bench of many parts: candidates, splits, features, what is measured, and tables of it."""
