"""Pictures of every page, light and dark, at two sizes: `python3 dev.py screens`."""
