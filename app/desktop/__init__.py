"""The desktop application of Tacit."""
