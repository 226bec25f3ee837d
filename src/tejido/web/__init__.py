"""What every page shares: the look, base templates, form parts, headers, error pages. It knows no slice."""
