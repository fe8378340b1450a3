"""The workflow console: runs, starting them, and what starts them by itself."""
