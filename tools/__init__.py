"""What developers run: checks, tests, demo, benchmarks, screenshots. Nothing here ships."""
