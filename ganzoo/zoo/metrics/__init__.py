"""Metrics that look at samples, at their features, or at what a classifier says of them."""
