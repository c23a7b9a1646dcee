"""What somebody would train with otherwise, on the same networks."""
