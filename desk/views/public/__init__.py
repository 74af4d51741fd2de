"""Pages for everybody: home, archive, stories, topics, feeds, leaving, signing up, preferences."""
