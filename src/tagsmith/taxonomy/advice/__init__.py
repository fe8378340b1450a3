"""Advice on tags, never a block: titles that no image can show, titles that look alike, tags that nothing uses."""
