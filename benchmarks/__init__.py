"""What the project can measure of itself: `make bench-*`."""
