"""The pages of tag models: making them, choosing examples, training, and looking at what came of it."""
