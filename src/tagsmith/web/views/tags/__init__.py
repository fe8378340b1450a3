"""The taxonomy: looking through it, changing it, and taking it in and out as files."""
