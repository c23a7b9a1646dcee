"""The built-in plugin: it registers through the same entry points and hooks as any other."""
