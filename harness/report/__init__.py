"""What a person reads: words, pages, tables on a terminal, files for other systems."""
