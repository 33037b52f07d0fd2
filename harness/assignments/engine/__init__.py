"""Any scalar engine, judged under its own names."""
