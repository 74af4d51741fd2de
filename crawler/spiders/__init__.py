"""Scrapy, in a child process of its own: fetches what the crawl order asks for and appends it to the archive."""
