"""Story -> Labels: topics, doubt and reasons."""
