"""One Markdown source, two editions."""
