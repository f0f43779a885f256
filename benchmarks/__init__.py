"""Speed, measured side by side on one machine. `python -m benchmarks` runs them all."""
