"""Tacit without a screen, for scripts and ops."""
