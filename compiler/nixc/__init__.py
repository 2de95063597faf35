"""nixc: from one `.nxa` workflow to one bash script."""

#: The one place where the version stands; the build reads it from here.
__version__ = "0.1.0"
