"""The web -> Story: crawling, extraction, filing."""
