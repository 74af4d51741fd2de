"""The demo's newsroom: a small web of six sites on the loopback, with the truth of each page beside it."""
