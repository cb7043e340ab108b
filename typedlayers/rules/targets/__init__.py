"""Rules on outputs, losses, metrics and targets."""
