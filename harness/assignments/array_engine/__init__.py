"""Any engine whose nodes hold arrays, judged under its own names."""
