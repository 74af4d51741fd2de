"""Who signs in in the browser tests: edith edits, otto operates."""

PASSWORD = "brow-lift-monday"
