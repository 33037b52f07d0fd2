"""What was handed in, read as text: files, notebooks, folders and archives."""
