"""Demonstration acts and zones."""
