"""From two observations to a verdict: bounds, comparisons, causes and credit."""
