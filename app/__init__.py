"""Tacit as people use it: the CRM itself, the desktop, the command line."""
