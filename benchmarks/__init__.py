"""Data at scale, and what the pages cost on it: ``python -m benchmarks`` (see README.md)."""
