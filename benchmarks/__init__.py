"""Measurements, run by hand and never in continuous integration."""
