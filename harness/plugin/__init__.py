"""The pytest plugin, and the test that every check becomes."""
