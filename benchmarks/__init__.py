"""How fast the house is, measured: ``python -m benchmarks``, or ``make bench``."""
