"""The commands of adjudge."""
