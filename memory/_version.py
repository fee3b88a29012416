"""The version of remember-them, read by the build."""

__version__ = "0.1.0"
