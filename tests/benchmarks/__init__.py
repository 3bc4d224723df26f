"""Benchmarks: run by hand, from the checkout; README.md says what each measures and which table it makes."""
